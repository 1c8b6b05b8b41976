//! The subcommands, one function each.

mod manual;

use crate::{
    cli::{Cli, Command},
    exit::ExitCode,
    failure::Failure,
    printer::{self, Printer},
};

/// Runs the command.
pub(crate) fn run(cli: Cli) -> ExitCode {
    let mut printer = Printer::new(cli.color);
    let done = match cli.command {
        Command::Completions { shell } => manual::completions(shell, &mut printer),
        Command::Man { command } => manual::man(command.as_deref(), &mut printer),
        _ => todo!(),
    };
    done.unwrap_or_else(|failure| failure.tell(&mut printer))
}

/// Tells what is wrong with the command line, or prints the help that was asked for.
pub(crate) fn refuse(error: &clap::Error) -> ExitCode {
    printer::usage(error);
    if error.use_stderr() { ExitCode::Usage } else { ExitCode::Success }
}
