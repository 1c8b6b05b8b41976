//! Who takes part, and how to start it.

use super::contender::Contender;
use crate::foreign::Foreign;
use std::process::Command;

/// A contender whose program is built.
pub(super) struct Entry {
    pub(super) contender: &'static Contender,
    program: Foreign,
}

impl Entry {
    pub(super) fn new(contender: &'static Contender, program: &Foreign) -> Self {
        Self { contender, program: program.clone() }
    }

    pub(super) fn command(&self) -> Command {
        let mut command = self.program.server.command();
        command.args(self.contender.flags);
        command
    }
}
