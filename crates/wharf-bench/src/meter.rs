//! Measures processes: the generator's own, and the server's if it was named.

use crate::{
    error::RunError,
    process::{Memory, Process},
    report::{Held, Usage},
};
use std::time::{Duration, Instant};

/// A look at the clocks.
#[derive(Debug, Clone, Copy, Default)]
struct Reading {
    at: Option<Instant>,
    generator: Duration,
    server: Duration,
    messages: u64,
}

/// Measures.
#[derive(Debug)]
pub(crate) struct Meter {
    own: Process,
    server: Option<Process>,
    begin: Reading,
    end: Reading,
    before: Memory,
    held: Vec<Held>,
}

impl Meter {
    /// Looks at the server before anything is opened.
    pub(crate) fn new(server: Option<u32>) -> Result<Self, RunError> {
        let watch = |id| Process::new(id).map_err(|error| RunError::Server { id, error });
        let mut meter = Self {
            own: Process::own(),
            server: server.map(watch).transpose()?,
            begin: Reading::default(),
            end: Reading::default(),
            before: Memory::default(),
            held: Vec::new(),
        };
        meter.before = meter.memory().unwrap_or_default();
        meter.hold("start", 0);
        Ok(meter)
    }

    fn memory(&self) -> Option<Memory> {
        self.server.as_ref().and_then(Process::memory)
    }

    fn read(&self, messages: u64) -> Reading {
        let time = |process: &Process| process.processor().unwrap_or_default();
        Reading {
            at: Some(Instant::now()),
            server: self.server.as_ref().map(time).unwrap_or_default(),
            generator: time(&self.own),
            messages,
        }
    }

    /// The measurement begins.
    pub(crate) fn begin(&mut self, messages: u64) {
        self.begin = self.read(messages);
    }

    /// The measurement ends.
    pub(crate) fn end(&mut self, messages: u64) {
        self.end = self.read(messages);
    }

    /// Looks at the server's memory.
    pub(crate) fn hold(&mut self, after: &str, connections: u64) {
        let Some(memory) = self.memory() else { return };
        let growth = memory.resident as f64 - self.before.resident as f64;
        let per_connection = if connections > 0 { growth / connections as f64 } else { 0.0 };
        self.held.push(Held { after: after.to_owned(), memory, per_connection });
    }

    /// What the generator and the server used, and the server's memory.
    pub(crate) fn usage(self) -> (Usage, Option<Usage>, Vec<Held>) {
        let Self { begin, end, .. } = self;
        let usage = |process: &Process, cpu: Duration| {
            let wall = begin.at.zip(end.at).map(|(begin, end)| (end - begin).as_secs_f64());
            let messages = end.messages.saturating_sub(begin.messages);
            Usage {
                cpu_seconds: cpu.as_secs_f64(),
                cpu_us_per_message: if messages > 0 {
                    cpu.as_secs_f64() * 1e6 / messages as f64
                } else {
                    0.0
                },
                cpus: wall.filter(|wall| *wall > 0.0).map_or(0.0, |wall| cpu.as_secs_f64() / wall),
                threads: process.threads().unwrap_or(0),
                memory: process.memory().unwrap_or_default(),
            }
        };
        let own = usage(&self.own, end.generator.saturating_sub(begin.generator));
        let server = self
            .server
            .as_ref()
            .map(|server| usage(server, end.server.saturating_sub(begin.server)));
        (own, server, self.held)
    }
}
