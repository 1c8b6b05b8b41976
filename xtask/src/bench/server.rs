//! A server under load: a fresh process for each measurement, on a processor of its own.

use super::{
    entry::Entry,
    machine,
    scenario::{Deflate, Pin, Scenario},
};
use crate::{
    failure::{Failure, Outcome},
    foreign::UNSUPPORTED,
    paths,
    process::{Background, Listening, free_port},
};
use std::process::Command;

/// A running server, ended when this is dropped.
pub(super) struct Server {
    process: Background,
    pub(super) port: u16,
}

impl Server {
    /// Starts it and waits until it listens; `None` if its library lacks what is asked.
    pub(super) fn start(entry: &Entry, deflate: Deflate, pin: Pin) -> Outcome<Option<Self>> {
        let port = free_port()?;
        let mut line = machine::pinned(&entry.command(), server_side(pin));
        line.args(["--port", &port.to_string(), "--deflate", deflate.word()]);
        let log = paths::target().join(format!("reports/bench-{}.log", entry.contender.foreign));
        paths::write(&log, "")?;
        let mut process = Background::start(&mut line, &log)?;
        match process.listening(port)? {
            Listening::Yes => Ok(Some(Self { process, port })),
            Listening::Ended(status) if status.code() == Some(UNSUPPORTED) => Ok(None),
            Listening::Ended(status) => {
                let name = entry.contender.name;
                Err(Failure::new(format!("{name} ended at once ({status}); see {}", log.display())))
            }
        }
    }

    /// Its process.
    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }
}

/// Whether it can do what the scenario asks.
pub(super) fn can(entry: &Entry, scenario: &Scenario) -> Outcome<bool> {
    Ok(Server::start(entry, scenario.deflate, scenario.pin)?.is_some())
}

fn server_side(pin: Pin) -> &'static str {
    match pin {
        Pin::Apart => "0",
        Pin::Shared => "0,1",
    }
}

/// The generator, on the other processor.
pub(super) fn generator_side(line: &Command, pin: Pin) -> Command {
    let processors = match pin {
        Pin::Apart => "1",
        Pin::Shared => "0,1",
    };
    machine::pinned(line, processors)
}
