//! Rules of the house that a machine can hold. Each finding says where, which rule, and what to do.

mod arrows;
mod fields;
mod finding;
mod floors;
mod lexer;
mod nevers;
mod quotes;
mod source;
mod spec;
mod text;
mod usepaths;

use crate::{
    failure::{Failure, Outcome},
    paths,
    process::{command, output},
    say, workspace,
};
use finding::Finding;
use source::Source;
use spec::Page;
use std::fs;
use text::TextRules;

/// `tidy`
pub(crate) fn run() -> Outcome {
    let tree = Tree::read()?;
    let mut findings = arrows::check(&workspace::own()?, dependency_line);
    findings.extend(
        workspace::PACKAGES.iter().flat_map(|package| floors::check(package, &tree.sources)),
    );
    findings.extend(tree.sources.iter().flat_map(nevers::check));
    findings.extend(
        fields::SETTINGS.iter().flat_map(|settings| fields::check(settings, &tree.sources)),
    );
    findings.extend(spec::check(&tree.pages(), &read_tracked));
    findings.extend(tree.texts.iter().flat_map(|(path, text)| quotes(path, text)));
    let rules = TextRules::new(machine().as_deref());
    findings.extend(tree.texts.iter().flat_map(|(path, text)| rules.check(path, text)));
    report(findings, &tree)
}

fn report(mut findings: Vec<Finding>, tree: &Tree) -> Outcome {
    findings.sort();
    findings.dedup();
    findings.iter().for_each(|finding| say::line(finding.to_string()));
    if findings.is_empty() {
        say::line(format!(
            "tidy: {} files, {} of them Rust: nothing to do",
            tree.texts.len(),
            tree.sources.len()
        ));
        return Ok(());
    }
    Err(Failure::new(format!("tidy: {} findings", findings.len())))
}

/// Every tracked file that is text, and those among them that are Rust.
struct Tree {
    texts: Vec<(String, String)>,
    sources: Vec<Source>,
}

impl Tree {
    fn read() -> Outcome<Self> {
        let listed = output(&mut command(
            "git",
            ["ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        ))?;
        let root = paths::root();
        let text = |path: &str| Some((path.to_owned(), fs::read_to_string(root.join(path)).ok()?));
        let texts: Vec<_> = listed.split_terminator('\0').filter_map(text).collect();
        let rust = texts.iter().filter(|(path, _)| path.ends_with(".rs"));
        let sources = rust.map(|(path, text)| Source::new(path.clone(), text.clone())).collect();
        Ok(Self { texts, sources })
    }

    fn pages(&self) -> Vec<Page> {
        let pages = self
            .texts
            .iter()
            .filter(|(path, _)| path.starts_with("docs/spec/") && path.ends_with(".md"));
        pages.map(|(path, text)| Page { path: path.clone(), text: text.clone() }).collect()
    }
}

/// Where a manifest names a dependency.
fn dependency_line(manifest: &str, dependency: &str) -> (String, usize) {
    let text = fs::read_to_string(manifest).unwrap_or_default();
    let names = |line: &str| {
        line.strip_prefix(dependency).is_some_and(|rest| rest.starts_with([' ', '=', '.']))
    };
    let line = text.lines().position(names).map_or(1, |index| index + 1);
    let root = paths::root();
    let short = manifest.strip_prefix(&*root.to_string_lossy()).unwrap_or(manifest);
    (short.trim_start_matches('/').to_owned(), line)
}

fn quotes(path: &str, text: &str) -> Vec<Finding> {
    let Some(file) = quotes::quoted(path) else { return Vec::new() };
    quotes::check(path, text, &file, &read_tracked(&file).unwrap_or_default())
}

fn read_tracked(path: &str) -> Option<String> {
    fs::read_to_string(paths::root().join(path)).ok()
}

fn machine() -> Option<String> {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().to_owned())
}
