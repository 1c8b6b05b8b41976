//! Files that `wharf check` reads and writes.

use crate::{check_cli::ReportKind, exit::ExitCode, failure::Failure, printer::Printer};
use std::{
    fs,
    path::{Path, PathBuf},
};
use wharf_check::{Report, html, junit};

/// Writes each report that was asked for.
pub(crate) fn write(report: &Report, wanted: &[(ReportKind, PathBuf)]) -> Result<(), Failure> {
    wanted.iter().try_for_each(|(kind, file)| {
        let text = match kind {
            ReportKind::Html => html(report),
            ReportKind::Json => report.to_json(),
            ReportKind::Junit => junit(report),
        };
        put(file, &text)
    })
}

/// Writes a file.
pub(crate) fn put(file: &Path, text: &str) -> Result<(), Failure> {
    fs::write(file, text).map_err(|error| {
        Failure::new(ExitCode::Failure, format!("{} cannot be written: {error}", file.display()))
    })
}

/// The bytes of a file.
pub(crate) fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).map_err(|error| {
        Failure::new(ExitCode::Failure, format!("{} cannot be read: {error}", file.display()))
    })
}

/// A report of an earlier run.
pub(crate) fn read(file: &Path) -> Result<Report, Failure> {
    let text = String::from_utf8_lossy(&bytes(file)?).into_owned();
    Report::from_json(&text)
        .map_err(|told| Failure::new(ExitCode::Failure, format!("{}: {told}", file.display())))
}

/// Reports side by side, on one page.
pub(crate) fn matrix(
    files: &[PathBuf],
    output: Option<&Path>,
    printer: &mut Printer,
) -> Result<ExitCode, Failure> {
    let reports: Vec<Report> = files.iter().map(|file| read(file)).collect::<Result<_, _>>()?;
    let page = wharf_check::matrix(&reports);
    match output {
        Some(file) => put(file, &page)?,
        None => printer.data(page.as_bytes())?,
    }
    Ok(ExitCode::Success)
}
