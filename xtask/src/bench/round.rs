//! Rounds: in each, every server runs once, in an order drawn anew, in a fresh process.

use super::{
    entry::Entry,
    generator, reply,
    sample::{REPLY, Sample, Samples},
    scenario::{Deflate, Load, Scenario},
    server::Server,
};
use crate::{
    failure::{Failure, Outcome},
    say,
};
use std::hash::{BuildHasher, RandomState};

/// Memory grows as it grows: one round tells it.
fn rounds(scenario: &Scenario, rounds: usize) -> usize {
    match scenario.points {
        [Load::Idle { .. }] => 1,
        [_] => rounds,
        _ => rounds.div_ceil(2),
    }
}

/// Every point of a scenario.
pub(super) fn measure(
    scenario: &Scenario,
    entries: &[Entry],
    all: usize,
    window: f64,
) -> Outcome<Vec<Samples>> {
    let all = rounds(scenario, all);
    let mut points: Vec<Samples> = vec![Samples::new(); scenario.points.len()];
    for round in 0..all {
        for (load, samples) in scenario.points.iter().zip(&mut points) {
            for entry in shuffled(entries) {
                let takes_part = round < entry.contender.rounds(all);
                let sample =
                    takes_part.then(|| once(entry, scenario, *load, window)).transpose()?;
                samples.entry(entry.contender.name.to_owned()).or_default().push(sample.flatten());
            }
        }
    }
    Ok(points)
}

/// How often a measurement is made anew because something else ran meanwhile.
const AGAIN: usize = 2;

/// One measurement; again if neither server nor generator had its processor.
fn once(entry: &Entry, scenario: &Scenario, load: Load, window: f64) -> Outcome<Option<Sample>> {
    let mut sample = attempt(entry, scenario, load, window)?;
    for _ in 0..AGAIN {
        if !sample.as_ref().is_some_and(|sample| sample.is_disturbed(load)) {
            break;
        }
        sample = attempt(entry, scenario, load, window)?;
    }
    Ok(sample)
}

/// A server that fails under load loses the round, and that is said.
fn attempt(entry: &Entry, scenario: &Scenario, load: Load, window: f64) -> Outcome<Option<Sample>> {
    let server = Server::start(entry, scenario.deflate, scenario.pin)?;
    let server = server.ok_or_else(|| Failure::new("a server that could can no more"))?;
    let sample = match generator::run(&server, scenario, load, window) {
        Ok(sample) => sample,
        Err(failure) => {
            say::line(format!("   {}: no sample: {failure}", entry.contender.name));
            return Ok(None);
        }
    };
    if scenario.deflate == Deflate::Off {
        return Ok(Some(sample));
    }
    Ok(Some(sample.with(REPLY, reply::bytes(server.port, scenario.deflate)?)))
}

fn shuffled(entries: &[Entry]) -> Vec<&Entry> {
    let keys = RandomState::new();
    let mut order: Vec<&Entry> = entries.iter().collect();
    order.sort_by_key(|entry| keys.hash_one(entry.contender.name));
    order
}
