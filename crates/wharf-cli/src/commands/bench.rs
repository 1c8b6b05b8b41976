//! `wharf bench`: loads a server and tells what it found.

use crate::{
    bench::settings::BenchSettings, exit::ExitCode, failure::Failure, printer::Printer,
};
use std::{fs, path::Path};
use wharf_bench::{Report, RunError, Stopper, TroubleKind, run};

/// Runs to the end.
pub(crate) fn bench(settings: BenchSettings, printer: &mut Printer) -> Result<ExitCode, Failure> {
    let report = run(settings.plan, &Stopper::default(), &mut |_| {});
    let report = report.map_err(|error| Failure::new(exit_code(&error), &error))?;
    if let Some(path) = &settings.json {
        write_json(path, &report, printer)?;
    }
    Ok(ExitCode::Success)
}

fn write_json(path: &Path, report: &Report, printer: &mut Printer) -> Result<(), Failure> {
    let text = report.to_json();
    if path == Path::new("-") {
        return Ok(printer.line(&text)?);
    }
    fs::write(path, text + "\n").map_err(|error| {
        Failure::new(ExitCode::Failure, format!("{} cannot be written: {error}", path.display()))
    })
}

fn exit_code(error: &RunError) -> ExitCode {
    let RunError::Unopened(troubles) = error else { return ExitCode::Failure };
    match troubles.first().map(|(trouble, _)| trouble.kind) {
        Some(TroubleKind::Tls) => ExitCode::Tls,
        Some(TroubleKind::Http) => ExitCode::HttpStatus,
        Some(TroubleKind::Protocol | TroubleKind::Wrong) => ExitCode::Protocol,
        Some(TroubleKind::Timeout) => ExitCode::Timeout,
        Some(TroubleKind::Closed) => ExitCode::AbnormalClose,
        Some(TroubleKind::Local) => ExitCode::Failure,
        Some(TroubleKind::Unreachable) | None => ExitCode::Unreachable,
    }
}
