//! Inside a crate files form floors: nothing is imported through the roof, no arrow closes a loop, and the roof
//! itself (`lib.rs`) defines nothing.

use super::{finding::Finding, lexer::Token, source::Source, usepaths::paths};
use std::collections::{BTreeMap, BTreeSet};

/// Files, each with those it imports from and the line where it does.
type Arrows<'a> = BTreeMap<&'a str, BTreeMap<&'a str, usize>>;

/// Checks one crate, given by its name and all sources.
pub(super) fn check(package: &str, sources: &[Source]) -> Vec<Finding> {
    let files: Vec<(&Source, &str)> =
        sources.iter().filter_map(|s| Some((s, s.within(package)?))).collect();
    let modules: BTreeMap<Vec<&str>, &Source> =
        files.iter().map(|(source, inside)| (module(inside), *source)).collect();
    let mut findings: Vec<Finding> =
        files.iter().filter(|(_, inside)| *inside == "lib.rs").flat_map(|(s, _)| roof(s)).collect();
    let mut arrows = Arrows::new();
    for (source, inside) in files.iter().filter(|(_, inside)| !is_root(inside)) {
        let production = source.production();
        let targets = arrows.entry(&source.path).or_default();
        for (path, line) in absolute(&module(inside), &production, &modules) {
            match home(&path, &modules) {
                Some(file) if file != source.path => _ = targets.entry(file).or_insert(line),
                Some(_) => {}
                None => findings.push(through_the_roof(source, &path, line)),
            }
        }
    }
    findings.extend(loops(&arrows));
    findings
}

/// `["frame", "header"]` for `frame/header.rs`; nothing for the root.
fn module(inside: &str) -> Vec<&str> {
    let stem = inside.trim_end_matches(".rs").trim_end_matches("/mod");
    if is_root(inside) { Vec::new() } else { stem.split('/').collect() }
}

fn is_root(inside: &str) -> bool {
    matches!(inside, "lib.rs" | "main.rs") || inside.starts_with("bin/")
}

/// Paths into this crate, from its root.
fn absolute<'a>(
    module: &[&'a str],
    tokens: &[Token<'a>],
    modules: &BTreeMap<Vec<&'a str>, &Source>,
) -> Vec<(Vec<&'a str>, usize)> {
    let resolve = |path: super::usepaths::UsePath<'a>| {
        let mut base: Vec<&str> =
            module.iter().copied().chain(path.inline.iter().copied()).collect();
        let mut rest = path.segments.as_slice();
        match rest.first().copied() {
            Some("crate") => base.clear(),
            Some("self") => {}
            Some("super") => _ = base.pop(),
            Some(first) if modules.contains_key(&[base.as_slice(), &[first]].concat()) => {
                return Some(([base, rest.to_vec()].concat(), path.line));
            }
            _ => return None,
        }
        rest = &rest[1..];
        while let Some(("super", further)) =
            rest.split_first().map(|(first, further)| (*first, further))
        {
            base.pop();
            rest = further;
        }
        Some(([base, rest.to_vec()].concat(), path.line))
    };
    paths(tokens).into_iter().filter_map(resolve).collect()
}

/// The file of the longest module at the start of a path; `None` if that is the root.
fn home<'a>(path: &[&str], modules: &BTreeMap<Vec<&str>, &'a Source>) -> Option<&'a str> {
    let longest = (1..=path.len()).rev().find_map(|length| modules.get(&path[..length]));
    longest.map(|source| source.path.as_str())
}

fn through_the_roof(source: &Source, path: &[&str], line: usize) -> Finding {
    let name = path.join("::");
    let advice =
        format!("`{name}` comes through the crate root: import it from the file that defines it");
    Finding::new(&source.path, line, "floors", advice)
}

/// What `lib.rs` may not hold.
const DEFINITIONS: [&str; 10] =
    ["fn", "struct", "enum", "trait", "impl", "const", "static", "type", "union", "macro_rules"];

fn roof(source: &Source) -> Vec<Finding> {
    let production = source.production();
    let defining = production.iter().filter(|token| DEFINITIONS.iter().any(|word| token.is(word)));
    let advice = |token: &Token<'_>| {
        format!("lib.rs lists and re-exports; move this `{}` to a file with its name", token.text)
    };
    defining.map(|token| Finding::new(&source.path, token.line, "roof", advice(token))).collect()
}

/// One finding for each file from which a walk along the arrows first comes back to where it has been.
fn loops(arrows: &Arrows<'_>) -> Vec<Finding> {
    let mut settled = BTreeSet::new();
    let mut findings = Vec::new();
    for file in arrows.keys() {
        walk(file, arrows, &mut Vec::new(), &mut settled, &mut findings);
    }
    findings
}

fn walk<'a>(
    file: &'a str,
    arrows: &Arrows<'a>,
    trail: &mut Vec<&'a str>,
    settled: &mut BTreeSet<&'a str>,
    findings: &mut Vec<Finding>,
) {
    if settled.contains(file) {
        return;
    }
    trail.push(file);
    for (target, line) in arrows.get(file).into_iter().flatten() {
        match trail.iter().position(|passed| passed == target) {
            Some(start) => findings.push(closes(file, *line, &trail[start..])),
            None => walk(target, arrows, trail, settled, findings),
        }
    }
    trail.pop();
    settled.insert(file);
}

fn closes(file: &str, line: usize, circle: &[&str]) -> Finding {
    let short: Vec<&str> = circle
        .iter()
        .map(|path| path.split_once("/src/").map_or(*path, |(_, inside)| inside))
        .collect();
    let advice = format!(
        "this import closes the circle {} → {}: move what they share to a file below both",
        short.join(" → "),
        short[0]
    );
    Finding::new(file, line, "floors", advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source::new(format!("crates/a/src/{path}"), *text))
            .collect();
        check("a", &sources).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_circle_is_found_whatever_the_spelling() {
        for back in [
            "use crate::a::A;",
            "use super::a::A;",
            "use crate::{a::A};",
            "fn f(a: crate::a::A) {}",
        ] {
            let found = findings(&[
                ("lib.rs", "mod a; mod b;"),
                ("a.rs", "use crate::b::B;"),
                ("b.rs", back),
            ]);
            assert_eq!(found.len(), 1, "{back}: {found:?}");
            assert!(found[0].contains("a.rs → b.rs → a.rs"), "{found:?}");
        }
    }

    #[test]
    fn a_circle_between_a_module_and_its_child_is_found() {
        let found =
            findings(&[("d/mod.rs", "mod c; use c::C; struct D;"), ("d/c.rs", "use super::D;")]);
        assert_eq!(found.len(), 1, "{found:?}");
        let child_only =
            findings(&[("d/mod.rs", "mod c; pub(crate) use c::C;"), ("d/c.rs", "struct C;")]);
        assert!(child_only.is_empty());
    }

    #[test]
    fn a_circle_of_unit_tests_is_none() {
        let test = "#[cfg(test)] mod tests { use crate::b::B; use super::*; }";
        assert!(findings(&[("a.rs", test), ("b.rs", "use crate::a::A;")]).is_empty());
    }

    #[test]
    fn an_import_through_the_roof_is_found() {
        let found = findings(&[
            ("a.rs", "\nuse crate::Misdeed;"),
            ("b.rs", "use super::Misdeed;"),
            ("c/d.rs", "use super::super::X;"),
        ]);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("crates/a/src/a.rs:2: floors: `Misdeed`"), "{found:?}");
    }

    #[test]
    fn a_roof_that_defines_something_is_found() {
        assert_eq!(findings(&[("lib.rs", "mod a; pub use a::A; pub fn f() {}")]).len(), 1);
        assert!(
            findings(&[("lib.rs", "//! fn\n#![no_std]\nextern crate alloc; mod a; pub use a::A;")])
                .is_empty()
        );
    }

    #[test]
    fn inline_modules_belong_to_their_file() {
        assert!(findings(&[("a.rs", "mod sealed { use super::B; } struct B;")]).is_empty());
    }
}
