//! What follows from the definition of the command line: completions and man pages.

use crate::{cli::Cli, exit::ExitCode, failure::Failure, printer::Printer};
use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

/// Prints a script for `shell`.
pub(crate) fn completions(shell: Shell, printer: &mut Printer) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "wharf", &mut script);
    printer.data(&script)?;
    Ok(ExitCode::Success)
}

/// Prints the page of a subcommand, or that of the command as a whole.
pub(crate) fn man(subcommand: Option<&str>, printer: &mut Printer) -> Result<ExitCode, Failure> {
    let mut page = Vec::new();
    Man::new(documented(subcommand)).render(&mut page)?;
    printer.data(&page)?;
    Ok(ExitCode::Success)
}

fn documented(subcommand: Option<&str>) -> Command {
    let mut whole = Cli::command();
    whole.build();
    let part = subcommand.and_then(|name| whole.find_subcommand(name)).cloned();
    part.unwrap_or(whole)
}
