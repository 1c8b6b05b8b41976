//! Scenarios in memory whose instructions callgrind counts: `wharf-instructions [NAME]`; without a name it lists them.
//!
//! Callgrind counts while [`measured`](work::measured) runs and at no other time, so that setting up and putting
//! back count for nothing.
#![forbid(unsafe_code)]

mod decode;
mod deflate;
mod encode;
mod handshake;
mod scenario;
mod socket;
mod wire;
mod work;

use scenario::SCENARIOS;
use std::process::ExitCode;

/// How often a scenario runs before it counts, so that lazily made things are there, and how often it counts.
const WARM_UP: u32 = 3;
const TIMES: u32 = 10;

fn main() -> ExitCode {
    let Some(name) = std::env::args().nth(1) else {
        list();
        return ExitCode::SUCCESS;
    };
    let Some(scenario) = SCENARIOS.iter().find(|scenario| scenario.name == name) else {
        return ExitCode::FAILURE;
    };
    let mut work = (scenario.make)();
    for _ in 0..WARM_UP {
        work.prepare();
        work.run();
    }
    for _ in 0..TIMES {
        work.prepare();
        work::measured(&mut *work);
    }
    ExitCode::SUCCESS
}

/// One scenario to a line: its name, and how many messages are worked off while it counts.
#[expect(clippy::print_stdout, reason = "the list is what the caller reads")]
fn list() {
    for scenario in &SCENARIOS {
        println!("{} {}", scenario.name, scenario.messages * TIMES);
    }
}
