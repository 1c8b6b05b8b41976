//! What `wharf audit` found, on a terminal.

use crate::{
    exit::ExitCode,
    failure::Failure,
    printer::{Paint, Printer},
    sanitize::{Lines, sanitize},
};
use wharf_check::{Audit, Finding, Severity};

/// Everything: each probe, each finding, the sum. The code says whether anything is medium or worse.
pub(crate) fn tell(audit: &Audit, printer: &mut Printer) -> Result<ExitCode, Failure> {
    for seen in &audit.observations {
        let line = format!("{:<32} {}", seen.id, sanitize(&seen.seen, Lines::One));
        printer.line(&printer.out().dim(&line))?;
    }
    audit.findings.iter().try_for_each(|finding| one(finding, printer))?;
    sum(audit, printer)?;
    Ok(code(audit.worst()))
}

/// What matters less is told, and breaks no build.
fn code(worst: Option<Severity>) -> ExitCode {
    match worst {
        Some(Severity::Medium | Severity::High) => ExitCode::Protocol,
        Some(Severity::Info | Severity::Low) | None => ExitCode::Success,
    }
}

fn one(finding: &Finding, printer: &mut Printer) -> Result<(), Failure> {
    let paint = printer.out();
    let word = coloured(paint, finding.severity);
    let sure = finding.certainty.name();
    let text = |text: &str| sanitize(text, Lines::One).into_owned();
    printer.line(&format!("\n{word} {} ({sure}): {}", finding.id, text(&finding.found)))?;
    for (name, told) in [("seen", &finding.seen), ("why", &finding.why), ("do", &finding.advice)] {
        printer.line(&format!("        {} {}", paint.dim(&format!("{name:<5}")), text(told)))?;
    }
    Ok(())
}

fn coloured(paint: Paint, severity: Severity) -> String {
    let text = format!("{:<7}", severity.name());
    match severity {
        Severity::High => paint.error(&text),
        Severity::Medium | Severity::Low => paint.warning(&text),
        Severity::Info => paint.dim(&text),
    }
}

fn sum(audit: &Audit, printer: &mut Printer) -> Result<(), Failure> {
    let counts: Vec<String> = Severity::ALL
        .iter()
        .filter(|severity| audit.count(**severity) > 0)
        .map(|severity| format!("{} {}", audit.count(*severity), severity.name()))
        .collect();
    let counts = if counts.is_empty() { "nothing found".to_owned() } else { counts.join(", ") };
    let seconds = format!("{}.{}", audit.millis / 1000, audit.millis % 1000 / 100);
    let (target, connections) = (sanitize(&audit.target, Lines::One), audit.connections);
    let probes = audit.observations.len();
    Ok(printer.line(&format!(
        "\n{target}: {probes} observations over {connections} connections in {seconds} s: {counts}"
    ))?)
}

#[cfg(test)]
mod tests {
    use super::{ExitCode, Severity, code};

    #[test]
    fn medium_and_worse_is_told_to_the_shell() {
        assert_eq!(code(None), ExitCode::Success);
        assert_eq!(code(Some(Severity::Low)), ExitCode::Success);
        assert_eq!(code(Some(Severity::Medium)), ExitCode::Protocol);
        assert_eq!(code(Some(Severity::High)), ExitCode::Protocol);
    }
}
