//! What may be typed after `cargo xtask bench`.

use super::{contender::CONTENDERS, scenario::SCENARIOS};
use crate::{
    failure::{Failure, Outcome},
    paths,
    process::{command, output},
};
use std::path::PathBuf;

/// How much is measured, and where it is written.
pub(super) struct Options {
    pub(super) scenarios: Vec<String>,
    pub(super) peers: Vec<String>,
    pub(super) rounds: usize,
    /// Seconds of each measurement.
    pub(super) window: f64,
    /// The record; what it holds of other scenarios stays.
    pub(super) record: PathBuf,
    pub(super) task: Task,
}

/// What to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// Measure, write the record, and then the page.
    Measure,
    /// Write the page from the record.
    Render,
}

impl Options {
    pub(super) fn read(words: &[&str]) -> Outcome<Self> {
        let mut options = Self {
            scenarios: Vec::new(),
            peers: Vec::new(),
            rounds: 8,
            window: 0.6,
            record: record("full")?,
            task: Task::Measure,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().copied().unwrap_or_default();
            match *word {
                "--scenario" => options.scenarios.push(known(value(), scenarios())?),
                "--peer" => options.peers.push(known(value(), peers())?),
                "--rounds" => options.rounds = number(word, value())?,
                "--window" => options.window = number(word, value())?,
                "--name" => options.record = record(value())?,
                "--record" => options.record = PathBuf::from(value()),
                "--render" => options.task = Task::Render,
                "--quick" => (options.rounds, options.window) = (2, 0.3),
                _ => {
                    return Err(Failure::new(format!(
                        "`{word}` is none of bench's words\n{USAGE}"
                    )));
                }
            }
        }
        Ok(options)
    }
}

const USAGE: &str = "\
cargo xtask bench [--scenario NAME]… [--peer NAME]… [--rounds N] [--window SECONDS] [--quick]
                  [--name SHORT | --record FILE] [--render]

All scenarios, all peers, 8 rounds of 0.6 s unless said otherwise. A record that is there is added to: what it holds of
other scenarios stays. --render writes the page from a record without measuring.";

fn record(name: &str) -> Outcome<PathBuf> {
    let today = output(&mut command("date", ["+%Y-%m-%d"]))?;
    Ok(paths::root().join(format!("bench/records/{}-{name}.json", today.trim())))
}

fn scenarios() -> Vec<&'static str> {
    SCENARIOS.iter().map(|scenario| scenario.name).collect()
}

fn peers() -> Vec<&'static str> {
    CONTENDERS.iter().map(|contender| contender.name).collect()
}

fn known(name: &str, all: Vec<&str>) -> Outcome<String> {
    let unknown = || Failure::new(format!("`{name}` is unknown; there are {}", all.join(", ")));
    all.contains(&name).then(|| name.to_owned()).ok_or_else(unknown)
}

fn number<N: std::str::FromStr>(flag: &str, value: &str) -> Outcome<N> {
    value.parse().map_err(|_| Failure::new(format!("{flag} wants a number, not `{value}`")))
}
