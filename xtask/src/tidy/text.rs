//! What no tracked text holds: notes of unfinished work, and the names of machines and package hosts.

use super::finding::Finding;

/// Words of unfinished work, cut in two so that this file does not hold them.
const NOTES: [(&str, &str); 2] = [("FIX", "ME"), ("XX", "X")];

/// Hosts of package registries, cut likewise.
const HOSTS: [(&str, &str); 6] = [
    ("crates", ".io"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("npmjs", ".org"),
    ("npmjs", ".com"),
    ("debian", ".org"),
];

/// Folders of one machine or person.
const FOLDERS: [(&str, &str); 3] = [("/ro", "ot/"), ("/ho", "me/"), ("/wo", "rk/")];

/// A rule about words in text.
struct Rule {
    name: &'static str,
    words: Vec<String>,
    advice: &'static str,
}

/// The rules, and the name of the machine that runs them.
pub(super) struct TextRules(Vec<Rule>);

impl TextRules {
    /// `machine`: its host name, if that is more than a word of English.
    pub(super) fn new(machine: Option<&str>) -> Self {
        let join = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| format!("{a}{b}")).collect();
        let telling = machine.filter(|name| {
            name.len() > 5 && name.contains(|c: char| c.is_ascii_digit() || c == '-')
        });
        Self(vec![
            Rule { name: "notes", words: join(&NOTES), advice: "finish it, or file an issue" },
            Rule {
                name: "hosts",
                words: join(&HOSTS),
                advice: "name the package, never the host that serves it",
            },
            Rule {
                name: "hosts",
                words: join(&FOLDERS),
                advice: "this folder is one machine's: name none",
            },
            Rule {
                name: "hosts",
                words: telling.map(str::to_owned).into_iter().collect(),
                advice: "this is a machine's name",
            },
        ])
    }

    /// Checks one text file.
    pub(super) fn check(&self, path: &str, text: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (line, number) in text.lines().zip(1..) {
            for rule in &self.0 {
                let found = rule.words.iter().find(|word| stands_alone(line, word));
                findings.extend(found.map(|word| {
                    Finding::new(path, number, rule.name, format!("`{word}`: {}", rule.advice))
                }));
            }
        }
        findings
    }
}

/// Whether the word is there and is not a part of a longer one.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let open_end = word.ends_with('/');
        !joins(before) && (open_end || !joins(after) && after != Some('-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> usize {
        TextRules::new(Some("builder-17")).check("a.md", text).len()
    }

    #[test]
    fn a_note_of_unfinished_work_is_found() {
        assert_eq!(findings(&format!("// {}{}: later", "FIX", "ME")), 1);
        assert_eq!(findings(&format!("0x{}{}X", "XX", "X")), 0);
    }

    #[test]
    fn a_package_host_is_found_and_the_index_of_the_lock_file_is_not() {
        assert_eq!(findings(&format!("see https://{}{}/x", "pypi", ".org")), 1);
        assert_eq!(
            findings(&format!("registry+https://github.com/rust-lang/{}{}-index", "crates", ".io")),
            0
        );
    }

    #[test]
    fn a_machine_is_not_named() {
        assert_eq!(findings("ran on builder-17 today"), 1);
        assert_eq!(findings(&format!("{}{}someone/x", "/ho", "me/")), 1);
        assert_eq!(findings("GET /x/home/y"), 0);
    }
}
