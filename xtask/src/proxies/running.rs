//! A proxy that runs, and what it is known to answer.

use crate::{failure::Outcome, process::Background};

pub(super) const USER: &str = "wharf";
pub(super) const PASSWORD: &str = "hush";

/// Whether a proxy wants credentials.
#[derive(Clone, Copy)]
pub(super) enum Door {
    Open,
    Locked,
}

/// A way to a proxy.
pub(super) struct Way {
    pub(super) scheme: &'static str,
    pub(super) port: u16,
}

/// What the client must say of each refusal of a proxy's.
#[derive(Clone, Copy)]
pub(super) struct Answers {
    /// To wrong credentials.
    pub(super) wrong: &'static str,
    /// To none.
    pub(super) none: &'static str,
    /// If nobody listens where a tunnel shall lead.
    pub(super) nowhere: &'static str,
    /// If it may not lead there.
    pub(super) forbidden: Option<&'static str>,
}

/// A proxy, ended when this is dropped.
pub(super) struct Running {
    pub(super) process: Background,
    pub(super) name: &'static str,
    pub(super) ways: Vec<Way>,
    pub(super) answers: Answers,
}

impl Running {
    /// Waits until it listens.
    pub(super) fn new(
        name: &'static str,
        ways: Vec<Way>,
        answers: Answers,
        mut process: Background,
    ) -> Outcome<Self> {
        for way in &ways {
            process.listens_on(way.port)?;
        }
        Ok(Self { process, name, ways, answers })
    }
}
