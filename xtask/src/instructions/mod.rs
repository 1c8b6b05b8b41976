//! Instruction counts of `bench/instructions`, compared with those in `bench/records/instructions.json`.

mod callgrind;
mod record;

use crate::{
    failure::{Failure, Outcome},
    paths, say,
};
use callgrind::Callgrind;
use record::{Change, Record};
use std::path::PathBuf;

/// `instructions [--record]`
pub(crate) fn run(words: &[&str]) -> Outcome {
    match words {
        [] => compare(),
        ["--record"] => count()?.write(&file()),
        _ => Err(Failure::new("instructions takes --record or nothing")),
    }
}

/// The gate: no scenario may have become much dearer.
pub(crate) fn compare() -> Outcome {
    let old = Record::read(&file())?;
    let new = count()?;
    if old.tools != new.tools {
        say::line(format!("recorded with {}, counted with {}", old.tools, new.tools));
    }
    let changes = Change::between(&old, &new);
    changes.iter().for_each(|change| say::line(change.to_string()));
    let worse = changes.iter().filter(|change| change.is_failure()).count();
    if worse == 0 {
        return Ok(());
    }
    Err(Failure::new(format!(
        "instructions: {worse} scenarios are more than 10 % dearer, or gone; if that must be so, say why and run \
         `cargo xtask instructions --record`"
    )))
}

fn count() -> Outcome<Record> {
    let callgrind = Callgrind::install()?;
    let mut scenarios = Vec::new();
    for (name, messages) in callgrind.scenarios()? {
        let total = callgrind.count(&name)?;
        scenarios.push((name, total as f64 / f64::from(messages)));
    }
    Ok(Record { tools: callgrind.tools()?, scenarios })
}

fn file() -> PathBuf {
    paths::root().join("bench/records/instructions.json")
}
