//! The listing of a public API, and its record in `docs/api`.

use crate::{
    failure::{During, Outcome},
    paths, say,
};
use public_api::Builder;
use std::{collections::BTreeSet, fs, path::Path};

/// What to do about a listing that differs from the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Record {
    Compare,
    Renew,
}

/// One line for each public item, sorted.
///
/// Of traits that the compiler implements by itself only those are listed that are missing: `!Send` and `!Sync`.
pub(super) fn of(json: &Path) -> Outcome<Vec<String>> {
    let api = Builder::from_rustdoc_json(json).omit_blanket_impls(true).build();
    let api = api.during(format!("listing {}", json.display()))?;
    let lines: BTreeSet<String> = api.items().map(|item| item.to_string()).collect();
    Ok(lines.into_iter().filter(|line| !goes_without_saying(line)).collect())
}

fn goes_without_saying(line: &str) -> bool {
    let Some(after) = line.strip_prefix("impl") else { return false };
    let missing = ["!core::marker::Send for ", "!core::marker::Sync for "];
    let automatic = [
        "core::marker::Freeze for ",
        "core::marker::Send for ",
        "core::marker::StructuralPartialEq for ",
        "core::marker::Sync for ",
        "core::marker::Unpin for ",
        "core::marker::UnsafeUnpin for ",
        "core::panic::unwind_safe::RefUnwindSafe for ",
        "core::panic::unwind_safe::UnwindSafe for ",
    ];
    automatic.iter().any(|name| after.contains(name))
        && !missing.iter().any(|name| after.contains(name))
}

/// Compares with the record, or renews it; complains of each line that is new or gone.
pub(super) fn compare(package: &str, listing: &[String], record: Record) -> Outcome<Vec<String>> {
    let name = format!("docs/api/{package}.txt");
    let file = paths::root().join(&name);
    if record == Record::Renew {
        paths::write(&file, &(listing.join("\n") + "\n"))?;
        say::line(format!("api: {name} has {} lines", listing.len()));
        return Ok(Vec::new());
    }
    let recorded = fs::read_to_string(&file).unwrap_or_default();
    let changes = difference(&recorded, listing);
    if changes.is_empty() {
        say::line(format!("api: {package} is as recorded, {} lines", listing.len()));
        return Ok(Vec::new());
    }
    let advice = format!(
        "the public API of {package} is not that of {name}; if it is meant to change, run `cargo xtask api --bless` and tell \
         it in CHANGELOG.md:"
    );
    Ok([vec![advice], changes].concat())
}

/// Lines that are gone, then lines that are new.
fn difference(recorded: &str, listing: &[String]) -> Vec<String> {
    let before: BTreeSet<&str> = recorded.lines().collect();
    let now: BTreeSet<&str> = listing.iter().map(String::as_str).collect();
    let gone = before.difference(&now).map(|line| format!("- {line}"));
    let new = now.difference(&before).map(|line| format!("+ {line}"));
    gone.chain(new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_and_what_is_new_is_told() {
        let listing = ["pub fn a::b()".to_owned(), "pub fn a::d()".to_owned()];
        assert_eq!(
            difference("pub fn a::b()\npub fn a::c()\n", &listing),
            ["- pub fn a::c()", "+ pub fn a::d()"]
        );
        assert!(difference("pub fn a::b()\npub fn a::d()\n", &listing).is_empty());
    }

    #[test]
    fn only_missing_automatic_traits_are_listed() {
        assert!(goes_without_saying("impl core::marker::Send for a::B"));
        assert!(goes_without_saying("impl<'a> !core::marker::Freeze for a::B<'a>"));
        assert!(!goes_without_saying("impl !core::marker::Sync for a::B"));
        assert!(!goes_without_saying("impl core::clone::Clone for a::B"));
        assert!(!goes_without_saying("pub fn a::b()"));
    }
}
