//! The pages of `docs/spec`: every item of the checklist has its row, and what a row cites exists.
//!
//! A row is `| 24 | what is required | `file` | `test file`: `test`, `test`; `test file`: `test` |`.

use super::{finding::Finding, lexer::tokens};
use std::{collections::BTreeSet, ops::RangeInclusive};

/// Items of the checklist that apply to HTTP/1.1.
const ITEMS: RangeInclusive<u32> = 1..=123;

/// Items that may say in words why no test of ours proves them yet.
const MAY_WAIT: [(u32, &str); 2] = [(8, "with issue 4 of 4"), (21, "with issue 4 of 4")];

/// A page of the specification's map.
pub(super) struct Page {
    pub(super) path: String,
    pub(super) text: String,
}

/// Reads a file of the repository by its path from the root.
pub(super) type Read<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Checks all pages together.
pub(super) fn check(pages: &[Page], read: Read<'_>) -> Vec<Finding> {
    let rows: Vec<Row<'_>> = pages.iter().flat_map(rows).collect();
    let known: BTreeSet<u32> = rows.iter().filter_map(|row| row.item).collect();
    let missing: Vec<String> =
        ITEMS.filter(|item| !known.contains(item)).map(|item| item.to_string()).collect();
    let absent = Finding::new(
        "docs/spec",
        1,
        "spec",
        format!("no row for item {} of the checklist: name its file and test", missing.join(", ")),
    );
    let mut findings: Vec<Finding> = (!missing.is_empty()).then_some(absent).into_iter().collect();
    findings.extend(rows.iter().flat_map(|row| row.check(read)));
    findings
}

/// A row of a table.
struct Row<'a> {
    path: &'a str,
    line: usize,
    /// `None` for rows beyond the checklist.
    item: Option<u32>,
    files: &'a str,
    tests: &'a str,
}

fn rows(page: &Page) -> Vec<Row<'_>> {
    let numbered = page.text.lines().zip(1..);
    let row = |(text, line): (&'_ str, usize)| -> Option<Row<'_>> {
        let text = page.text.lines().nth(line - 1).filter(|original| *original == text)?;
        let cells: Vec<&str> =
            text.trim().strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
        let [first, _, files, tests] = cells.as_slice() else { return None };
        let is_rule = first.starts_with(['-', ':']);
        let is_head = !files.contains('`') && !tests.contains('`') && first.parse::<u32>().is_err();
        (!is_rule && !is_head).then(|| Row {
            path: &page.path,
            line,
            item: first.parse().ok(),
            files,
            tests,
        })
    };
    numbered.filter_map(row).collect()
}

impl Row<'_> {
    fn check(&self, read: Read<'_>) -> Vec<Finding> {
        if self.waits() {
            return Vec::new();
        }
        let files = quoted(self.files);
        let missing = files.iter().filter(|file| read(file).is_none());
        let mut findings: Vec<Finding> =
            missing.map(|file| self.finding(format!("there is no file `{file}`"))).collect();
        if files.is_empty() {
            findings.push(self.finding("name the file that holds this item, in backticks"));
        }
        findings.extend(self.check_tests(read));
        findings
    }

    fn check_tests(&self, read: Read<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for citation in self.tests.split(';') {
            let names = quoted(citation);
            let Some((file, tests)) = names.split_first().filter(|(_, tests)| !tests.is_empty())
            else {
                findings.push(self.finding("name a test as `test file`: `test`"));
                continue;
            };
            match read(file) {
                None => findings.push(self.finding(format!("there is no file `{file}`"))),
                Some(text) => findings.extend(
                    tests
                        .iter()
                        .filter(|test| !holds(file, &text, test))
                        .map(|test| self.finding(format!("`{file}` has no test `{test}`"))),
                ),
            }
        }
        findings
    }

    fn waits(&self) -> bool {
        let words = |item: u32| {
            MAY_WAIT.iter().find(|(waiting, _)| *waiting == item).map(|(_, words)| *words)
        };
        self.item.and_then(words).is_some_and(|words| self.tests.starts_with(words))
    }

    fn finding(&self, advice: impl Into<String>) -> Finding {
        Finding::new(self.path, self.line, "spec", advice)
    }
}

/// What stands in backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Whether a file of Rust has a function of this name, or another file has the name in it.
fn holds(file: &str, text: &str, test: &str) -> bool {
    if !file.ends_with(".rs") {
        return text.contains(test);
    }
    let tokens = tokens(text);
    tokens.windows(2).any(|pair| pair[0].is("fn") && pair[1].is(test))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(rows: &[&str]) -> Vec<String> {
        let full = ITEMS.map(|item| format!("| {item} | x | `a.rs` | `t.rs`: `works` |"));
        let own =
            |text: &String| !rows.iter().any(|row| row.split('|').nth(1) == text.split('|').nth(1));
        let text: Vec<String> =
            full.filter(own).chain(rows.iter().map(|row| (*row).to_owned())).collect();
        let page = Page { path: "docs/spec/p.md".to_owned(), text: text.join("\n") };
        let read = |path: &str| match path {
            "a.rs" => Some(String::new()),
            "t.rs" => Some("#[test] fn works() {} // fn commented()".to_owned()),
            "cases.json" => Some("\"2.10\"".to_owned()),
            _ => None,
        };
        check(&[page], &read).into_iter().map(|finding| finding.advice).collect()
    }

    #[test]
    fn a_full_map_has_no_findings() {
        assert_eq!(findings(&[]), Vec::<String>::new());
        assert_eq!(
            findings(&["| 2 | x | `a.rs` | `t.rs`: `works`, `works`; `cases.json`: `2.10` |"]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_item_without_a_row_is_found() {
        let page =
            Page { path: "p".to_owned(), text: "| 1 | x | `a.rs` | `a.rs`: `f` |".to_owned() };
        let found = check(&[page], &|_| Some("fn f()".to_owned()));
        assert!(found[0].advice.starts_with("no row for item 2, 3, 4"), "{found:?}");
    }

    #[test]
    fn a_file_or_test_that_does_not_exist_is_found() {
        assert_eq!(
            findings(&["| 2 | x | `b.rs` | `t.rs`: `works` |"]),
            ["there is no file `b.rs`"]
        );
        assert_eq!(
            findings(&["| 2 | x | `a.rs` | `t.rs`: `commented` |"]),
            ["`t.rs` has no test `commented`"]
        );
        assert_eq!(
            findings(&["| 2 | x | `a.rs` | `u.rs`: `works` |"]),
            ["there is no file `u.rs`"]
        );
    }

    #[test]
    fn a_row_without_file_or_test_is_found() {
        assert_eq!(findings(&["| 2 | x | – | – |"]).len(), 2);
    }

    #[test]
    fn what_may_wait_says_so() {
        assert_eq!(findings(&["| 8 | x | – | with issue 4 of 4 |"]), Vec::<String>::new());
        assert_eq!(findings(&["| 9 | x | – | with issue 4 of 4 |"]).len(), 2);
    }

    #[test]
    fn rows_beyond_the_checklist_are_held_to_the_same() {
        assert_eq!(
            findings(&["| §5.4 | x | `a.rs` | `t.rs`: `gone` |"]),
            ["`t.rs` has no test `gone`"]
        );
    }
}
