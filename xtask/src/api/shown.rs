//! Every public item is shown: in an example of its own, in another one, in a guide, or in a program below `examples`.

use crate::{
    failure::{During, Failure, Outcome},
    paths,
    process::{command, output},
    say,
};
use rustdoc_types::{Crate, Id, Item, ItemEnum};
use std::{collections::BTreeSet, fs};

/// A public item.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Public<'a> {
    path: String,
    name: &'a str,
    docs: &'a str,
}

/// Complains of each item that nobody can see in use.
pub(super) fn check(contents: &Crate) -> Outcome<Vec<String>> {
    let items = items(contents)?;
    let code = [of_docs(contents), of_files()?].concat();
    let words: BTreeSet<&str> = code.iter().flat_map(|code| words(code)).collect();
    let hidden: Vec<String> = items
        .iter()
        .filter(|item| blocks(item.docs).next().is_none() && !words.contains(item.name))
        .map(|item| format!("{} is shown in no example: write one, or use it in one", item.path))
        .collect();
    if hidden.is_empty() {
        say::line(format!("api: {} public items are shown", items.len()));
    }
    Ok(hidden)
}

/// What a user can name: modules, types, traits, functions, and their methods.
fn items(contents: &Crate) -> Outcome<BTreeSet<Public<'_>>> {
    let root = contents.index.get(&contents.root);
    let root = root.ok_or_else(|| Failure::new("rustdoc's JSON has no root"))?;
    let mut found = BTreeSet::new();
    let ItemEnum::Module(module) = &root.inner else { return Ok(found) };
    let name = root.name.as_deref().unwrap_or_default();
    module.items.iter().for_each(|id| walk(contents, id, name, None, &mut found));
    Ok(found)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what cannot be used by itself need not be shown"
)]
fn walk<'a>(
    contents: &'a Crate,
    id: &Id,
    above: &str,
    alias: Option<&'a str>,
    found: &mut BTreeSet<Public<'a>>,
) {
    let Some(item) = contents.index.get(id) else { return };
    let Some(name) = alias.or(item.name.as_deref()).or_else(|| name_of_use(item)) else { return };
    let path = format!("{above}::{name}");
    let mut descend = |ids: &[Id], above: &str| {
        ids.iter().for_each(|id| walk(contents, id, above, None, found));
    };
    match &item.inner {
        ItemEnum::Module(module) => return descend(&module.items, &path),
        ItemEnum::Use(used) => {
            if let Some(id) = used.id.as_ref().filter(|id| contents.index.contains_key(id)) {
                return walk(contents, id, above, Some(&used.name), found);
            }
        }
        ItemEnum::Struct(is) => descend(&methods(contents, &is.impls), &path),
        ItemEnum::Enum(is) => descend(&methods(contents, &is.impls), &path),
        ItemEnum::Trait(is) => descend(&is.items, &path),
        ItemEnum::Function(_) => {}
        _ => return,
    }
    found.insert(Public { path, name, docs: item.docs.as_deref().unwrap_or_default() });
}

fn name_of_use(item: &Item) -> Option<&str> {
    if let ItemEnum::Use(used) = &item.inner { Some(&used.name) } else { None }
}

/// The methods of a type's own; those of traits are known from the traits.
fn methods(contents: &Crate, impls: &[Id]) -> Vec<Id> {
    let own = impls.iter().filter_map(|id| {
        let ItemEnum::Impl(is) = &contents.index.get(id)?.inner else { return None };
        is.trait_.is_none().then(|| is.items.iter().copied())
    });
    own.flatten().collect()
}

/// The examples in the documentation of the crate.
fn of_docs(contents: &Crate) -> Vec<String> {
    let docs = contents.index.values().filter_map(|item| item.docs.as_deref());
    docs.flat_map(blocks).map(str::to_owned).collect()
}

/// The programs and the guides.
fn of_files() -> Outcome<Vec<String>> {
    let listed = output(&mut command(
        "git",
        ["ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    ))?;
    // A guide counts if its examples are tests.
    let guides = paths::read(&paths::root().join("crates/wharf/src/guides.rs"))?;
    let mut code = Vec::new();
    for path in listed.split_terminator('\0') {
        let program = path.starts_with("examples/") || path.starts_with("crates/wharf/examples/");
        let guide = path.starts_with("docs/") && guides.contains(&format!("/{path}\""));
        let read =
            || fs::read_to_string(paths::root().join(path)).during(format!("reading {path}"));
        if program && path.ends_with(".rs") && !path.contains("/tests/") {
            code.push(read()?);
        } else if guide && path.ends_with(".md") {
            code.extend(blocks(&read()?).map(str::to_owned));
        }
    }
    Ok(code)
}

/// The blocks of Rust that are compiled.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    // Every second piece between fences is inside of one.
    text.split("```").skip(1).step_by(2).filter_map(|block| {
        let (kind, code) = block.split_once('\n')?;
        let compiled = |word: &str| {
            ["", "rust", "no_run", "should_panic", "compile_fail"].contains(&word.trim())
        };
        kind.split(',').all(compiled).then_some(code)
    })
}

/// The identifiers of a piece of code; comments are none.
fn words(code: &str) -> impl Iterator<Item = &str> {
    // The `//` of a URL begins no comment.
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.map(|line| line.split(" //").next().unwrap_or_default());
    code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rust_that_is_compiled_shows_anything() {
        let text =
            "a\n```\nb\n```\nc\n```rust,no_run\nd\n```\n```rust,ignore\ne\n```\n```text\nf\n```\n";
        assert_eq!(blocks(text).collect::<Vec<_>>(), ["b\n", "d\n"]);
    }

    #[test]
    fn a_word_in_a_comment_shows_nothing() {
        let found: Vec<_> =
            words("/// all\na(\"b://c\").send // recv\n").filter(|word| !word.is_empty()).collect();
        assert_eq!(found, ["a", "b", "c", "send"]);
    }
}
