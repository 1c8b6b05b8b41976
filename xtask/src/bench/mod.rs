//! `cargo xtask bench`: the comparison with the servers of others, measured in interleaved rounds.

mod contender;
mod entry;
mod generator;
mod machine;
mod options;
mod page;
mod plot;
mod record;
mod reply;
mod round;
mod sample;
mod scenario;
mod server;
mod statistics;
mod table;

use crate::{
    checks,
    failure::{Failure, Outcome},
    foreign::{self, Foreign},
    say,
};
use contender::{CONTENDERS, Contender};
use entry::Entry;
use options::{Options, Task};
use record::Record;
use scenario::{SCENARIOS, Scenario};
use std::time::Instant;

/// `bench …`
pub(crate) fn run(words: &[&str]) -> Outcome {
    let options = Options::read(words)?;
    let mut record = Record::open(&options.record)?;
    if options.task == Task::Measure {
        measure(&options, &mut record)?;
    }
    page::write(&record)
}

fn measure(options: &Options, record: &mut Record) -> Outcome {
    machine::check()?;
    checks::cargo::release()?;
    let contenders = wanted(options);
    let programs = programs(&contenders)?;
    record.describe(options.rounds, options.window, &programs)?;
    for scenario in scenarios(options) {
        say::line(format!("── {} · {}", scenario.name, scenario.title));
        let started = Instant::now();
        let entries = entries(scenario, &contenders, &programs)?;
        let points = round::measure(scenario, &entries, options.rounds, options.window)?;
        record.add(scenario.name, points);
        record.write(&options.record)?;
        say::line(table::text(scenario, record));
        say::line(format!("   {:.0} s", started.elapsed().as_secs_f32()));
    }
    Ok(())
}

fn wanted(options: &Options) -> Vec<&'static Contender> {
    let named = |contender: &&Contender| {
        options.peers.is_empty() || options.peers.iter().any(|name| name == contender.name)
    };
    CONTENDERS.iter().filter(named).collect()
}

fn scenarios(options: &Options) -> impl Iterator<Item = &'static Scenario> {
    SCENARIOS.iter().filter(|scenario| {
        options.scenarios.is_empty() || options.scenarios.iter().any(|name| name == scenario.name)
    })
}

fn programs(contenders: &[&Contender]) -> Outcome<Vec<Foreign>> {
    let mut names: Vec<&str> = contenders.iter().map(|contender| contender.foreign).collect();
    names.sort_unstable();
    names.dedup();
    foreign::install(&names)
}

/// Those that take part and can do what the scenario asks.
fn entries(
    scenario: &Scenario,
    contenders: &[&'static Contender],
    programs: &[Foreign],
) -> Outcome<Vec<Entry>> {
    let mut entries = Vec::new();
    for contender in contenders.iter().filter(|contender| scenario.wants(contender)) {
        let program = programs.iter().find(|program| program.name == contender.foreign);
        let program =
            program.ok_or_else(|| Failure::new(format!("{} is not built", contender.name)))?;
        let entry = Entry::new(contender, program);
        if server::can(&entry, scenario)? {
            entries.push(entry);
        }
    }
    Ok(entries)
}
