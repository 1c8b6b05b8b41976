//! Clients that do not come, and commands that do not connect.

use std::process::ExitStatus;
use tokio::{
    process::Child,
    time::{Duration, Instant},
};

/// What a command may take until it connects.
const START: Duration = Duration::from_secs(20);
/// What it may take to be noticed that a command connected before it ended.
const GRACE: Duration = Duration::from_millis(500);
/// Any case has ended by then: its waits are bounded.
const CASE: Duration = Duration::from_secs(900);
/// How often a command is looked at that has not connected.
const GLANCE: Duration = Duration::from_millis(50);

/// A command that runs.
#[derive(Debug)]
pub(crate) struct Started {
    /// Killed when this is dropped.
    child: Child,
    phase: Phase,
    until: Instant,
    pub(crate) attempts: u32,
}

/// How far a command has come.
#[derive(Debug, Clone, Copy)]
enum Phase {
    /// It has not asked for its case.
    Away,
    /// It has not asked for its case, and never will.
    Ended(ExitStatus),
    /// Its case is under way.
    Asked,
}

impl Started {
    /// Has just been started.
    pub(crate) fn new(child: Child, attempts: u32) -> Self {
        Self { child, phase: Phase::Away, until: Instant::now() + START, attempts }
    }

    /// It has asked for its case.
    pub(crate) fn asked(&mut self) {
        (self.phase, self.until) = (Phase::Asked, Instant::now() + CASE);
    }

    /// When it has to be looked at again.
    pub(crate) fn next_glance(&self) -> Instant {
        match self.phase {
            Phase::Away => self.until.min(Instant::now() + GLANCE),
            Phase::Ended(_) | Phase::Asked => self.until,
        }
    }

    /// Looks at it; says why there is nothing to wait for.
    pub(crate) fn glance(&mut self) -> Option<String> {
        if let (Phase::Away, Ok(Some(status))) = (self.phase, self.child.try_wait()) {
            (self.phase, self.until) = (Phase::Ended(status), Instant::now() + GRACE);
        }
        (Instant::now() >= self.until).then(|| match self.phase {
            Phase::Away => format!("the command did not connect within {} s", START.as_secs()),
            Phase::Ended(status) => format!("the command ended ({status}) and had not connected"),
            Phase::Asked => "the case came to no end".to_owned(),
        })
    }
}
