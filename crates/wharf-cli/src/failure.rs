//! Why a command could not do what it was asked to.

use crate::{exit::ExitCode, printer::Printer};
use std::{error::Error, fmt::Display, io};

/// What to say, and what to tell the shell.
#[derive(Debug)]
pub(crate) struct Failure {
    code: ExitCode,
    message: Option<String>,
}

impl Failure {
    /// A failure of this kind.
    pub(crate) fn new(code: ExitCode, message: impl Display) -> Self {
        Self { code, message: Some(message.to_string()) }
    }

    /// A failure of this kind, told by an error and its causes.
    pub(crate) fn because(code: ExitCode, error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let told = error.to_string();
            // Some messages hold that of their cause already.
            if !message.contains(&told) {
                message = format!("{message}: {told}");
            }
            cause = error.source();
        }
        Self::new(code, message)
    }

    /// Says it, and gives the number.
    pub(crate) fn tell(self, printer: &mut Printer) -> ExitCode {
        if let Some(message) = &self.message {
            printer.error(message);
        }
        self.code
    }
}

/// Printing failed. A reader that has seen enough, such as `head`, is no failure of ours.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { code: ExitCode::Success, message: None };
        }
        Self::new(ExitCode::Failure, format!("stdout cannot be written: {error}"))
    }
}
