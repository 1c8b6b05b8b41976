//! The WebSocket libraries of others as programs (`bench/peers`): built, installed, and how to start them.

mod c;
mod go;
mod node;
mod program;
mod python;
mod rust;

use crate::{
    failure::{Failure, Outcome},
    say,
};
pub(crate) use program::{Foreign, Program, UNSUPPORTED};
use serde_json::{Value, json};

/// How to get the programs of one language.
struct Language {
    names: &'static [&'static str],
    install: fn() -> Outcome<Vec<Foreign>>,
}

const LANGUAGES: [Language; 5] = [
    Language { names: &rust::NAMES, install: rust::install },
    Language { names: &node::NAMES, install: node::install },
    Language { names: &python::NAMES, install: python::install },
    Language { names: &go::NAMES, install: go::install },
    Language { names: &c::NAMES, install: c::install },
];

/// Builds and installs these; only what their languages need.
pub(crate) fn install(names: &[&str]) -> Outcome<Vec<Foreign>> {
    let known = |name: &&&str| LANGUAGES.iter().any(|language| language.names.contains(*name));
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let all: Vec<&str> = all_names().collect();
        return Err(Failure::new(format!("no peer `{unknown}`; there are {}", all.join(", "))));
    }
    let mut all = Vec::new();
    for language in LANGUAGES {
        if language.names.iter().any(|name| names.contains(name)) {
            all.extend((language.install)()?);
        }
    }
    all.retain(|foreign| names.contains(&foreign.name));
    all.sort_by_key(|foreign| names.iter().position(|name| *name == foreign.name));
    Ok(all)
}

/// As [`install`], but with crates whose panics end a connection and not the process.
pub(crate) fn install_unwinding(names: &[&str]) -> Outcome<Vec<Foreign>> {
    let unwinding = rust::unwinding()?;
    let others: Vec<&str> =
        names.iter().copied().filter(|name| !rust::NAMES.contains(name)).collect();
    let mut all = install(&others)?;
    all.extend(unwinding.into_iter().filter(|foreign| names.contains(&foreign.name)));
    all.sort_by_key(|foreign| names.iter().position(|name| *name == foreign.name));
    Ok(all)
}

/// Every name.
pub(crate) fn all_names() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().flat_map(|language| language.names.iter().copied())
}

/// `foreign [name…]`: installs these, or all, and prints as JSON how to start them.
pub(crate) fn run(names: &[&str]) -> Outcome {
    let all: Vec<&str> = all_names().collect();
    let installed = install(if names.is_empty() { &all } else { names })?;
    let list: Vec<Value> = installed.iter().map(Foreign::json).collect();
    say::line(format!("{:#}", json!(list)));
    Ok(())
}
