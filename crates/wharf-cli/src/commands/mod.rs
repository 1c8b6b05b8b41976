//! The subcommands, one function each.

mod answer;
mod audit;
mod audit_report;
mod bench;
mod check;
mod check_files;
mod check_report;
mod connect;
mod manual;
mod metrics;
mod phase;
mod routes;
mod scrape;
mod self_signed;
mod serve;
mod session;
mod signals;
mod workers;

use crate::{
    bench::settings::BenchSettings,
    cli::{Cli, Command},
    exit::ExitCode,
    failure::Failure,
    printer::{self, Printer, Reader},
    settings::{ConnectSettings, ServeSettings},
};
use tracing_subscriber::EnvFilter;

/// Runs the command.
pub(crate) fn run(cli: Cli) -> ExitCode {
    let mut printer = Printer::new(cli.color);
    start(cli, &mut printer).unwrap_or_else(|failure| failure.tell(&mut printer))
}

fn start(cli: Cli, printer: &mut Printer) -> Result<ExitCode, Failure> {
    let (usual, reader) = if matches!(cli.command, Command::Serve(_)) {
        ("info", Reader::Perhaps)
    } else {
        ("warn", Reader::Asks)
    };
    let filter = EnvFilter::try_new(cli.log.as_deref().unwrap_or(usual))
        .map_err(|error| Failure::new(ExitCode::Usage, format!("--log: {error}")))?;
    printer::start_log(filter, printer.err(), reader);
    match cli.command {
        Command::Serve(flags) => serve::serve(ServeSettings::new(*flags)?, printer),
        Command::Connect(flags) => connect::connect(ConnectSettings::new(*flags)?, printer),
        Command::Bench(flags) => bench::bench(BenchSettings::new(*flags)?, printer),
        Command::Check(flags) => check::check(*flags, printer),
        Command::Audit(flags) => audit::audit(&flags, printer),
        Command::Completions { shell } => manual::completions(shell, printer),
        Command::Man { command } => manual::man(command.as_deref(), printer),
    }
}

/// Tells what is wrong with the command line, or prints the help that was asked for.
pub(crate) fn refuse(error: &clap::Error) -> ExitCode {
    printer::usage(error);
    if error.use_stderr() { ExitCode::Usage } else { ExitCode::Success }
}
