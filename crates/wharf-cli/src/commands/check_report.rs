//! What `wharf check` found, on a terminal.

use crate::{
    exit::ExitCode,
    failure::Failure,
    printer::{Paint, Printer},
    sanitize::{Lines, sanitize},
};
use wharf_check::{Actor, Entry, Outcome, Plan, Report, Role, Tally, Verdict, changes, dump};

/// How much is told of each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What is wrong with it, if anything is.
    Result,
    /// All that was on the wire.
    Wire,
}

/// The cases of a plan, one on each line.
pub(crate) fn list(plan: &Plan, role: Role, printer: &mut Printer) -> Result<ExitCode, Failure> {
    for case in wharf_check::list(plan, role) {
        let autobahn = match case.autobahn.as_slice() {
            [] => String::new(),
            all => format!("  (Autobahn {})", all.join(", ")),
        };
        let level = case.level.name();
        printer.line(&format!("{:<46} {level:<8} {}{autobahn}", case.id, case.title))?;
    }
    Ok(ExitCode::Success)
}

/// A case in words.
pub(crate) fn explain(id: &str, printer: &mut Printer) -> Result<(), Failure> {
    let lines = wharf_check::explain(id).ok_or_else(|| {
        Failure::new(
            ExitCode::Usage,
            format!("no case is called {id:?}; --list tells which there are"),
        )
    })?;
    lines.iter().try_for_each(|line| printer.line(line))?;
    Ok(printer.line("")?)
}

/// Everything: table, cases, sum. The code says whether anything is wrong, or worse than `before`.
pub(crate) fn tell(
    report: &Report,
    before: Option<&Report>,
    detail: Detail,
    printer: &mut Printer,
) -> Result<ExitCode, Failure> {
    if report.outcomes.is_empty() {
        return Err(Failure::new(ExitCode::Usage, "no case is left by --only, --skip and --level"));
    }
    match detail {
        Detail::Wire => report.outcomes.iter().try_for_each(|outcome| wire(outcome, printer))?,
        Detail::Result => {
            table(report, printer)?;
            let bad = report.outcomes.iter().filter(|outcome| outcome.verdict.is_bad());
            bad.into_iter().try_for_each(|outcome| one(outcome, printer))?;
        }
    }
    sum(report, printer)?;
    if let Some(why) = &report.stopped {
        printer.line(&format!("stopped early: {}", sanitize(why, Lines::One)))?;
        return Ok(ExitCode::Stopped);
    }
    match before {
        None => Ok(code(report.outcomes.iter().filter(|outcome| outcome.verdict.is_bad()).count())),
        Some(before) => compare(before, report, printer),
    }
}

const fn code(bad: usize) -> ExitCode {
    if bad == 0 { ExitCode::Success } else { ExitCode::Protocol }
}

fn table(report: &Report, printer: &mut Printer) -> Result<(), Failure> {
    let heads: Vec<String> = Verdict::ALL.iter().map(|v| format!("{:>8}", v.name())).collect();
    printer.line(&format!("{:<32}{}", "", heads.concat()))?;
    for tally in Tally::by_group(report) {
        let paint = printer.out();
        let cells = Verdict::ALL.map(|verdict| cell(paint, verdict, tally.count(verdict)));
        printer.line(&format!("{:<32}{}", tally.group.title(), cells.concat()))?;
    }
    Ok(())
}

fn cell(paint: Paint, verdict: Verdict, count: usize) -> String {
    let text = format!("{:>8}", if count == 0 { "·".to_owned() } else { count.to_string() });
    if count == 0 { paint.dim(&text) } else { coloured(paint, verdict, &text) }
}

fn coloured(paint: Paint, verdict: Verdict, text: &str) -> String {
    match verdict {
        Verdict::Pass => paint.peer(text),
        Verdict::Fail | Verdict::Lax => paint.error(text),
        Verdict::Strict => paint.warning(text),
        Verdict::NotApplicable | Verdict::Skipped => paint.dim(text),
    }
}

fn one(outcome: &Outcome, printer: &mut Printer) -> Result<(), Failure> {
    let paint = printer.out();
    let word = coloured(paint, outcome.verdict, &format!("{:<7}", outcome.verdict.name()));
    let rule = format!("{} {}", outcome.level.name(), outcome.section);
    let told = sanitize(&outcome.told, Lines::One);
    printer.line(&format!("\n{word} {}: {}", outcome.id, outcome.title))?;
    printer.line(&format!("        {told}"))?;
    Ok(printer.line(&paint.dim(&format!("        {rule}: {}", outcome.why)))?)
}

fn wire(outcome: &Outcome, printer: &mut Printer) -> Result<(), Failure> {
    outcome.transcript.iter().try_for_each(|entry| happened(entry, printer))?;
    let word = coloured(printer.out(), outcome.verdict, outcome.verdict.name());
    let told = sanitize(&outcome.told, Lines::One);
    let because = if told.is_empty() { String::new() } else { format!(": {told}") };
    Ok(printer.line(&format!("{word} {}{because}", outcome.id))?)
}

fn happened(entry: &Entry, printer: &mut Printer) -> Result<(), Failure> {
    let arrow = match entry.actor {
        Actor::Tester => "→",
        Actor::Target => "←",
        Actor::Runner => "·",
    };
    let at = format!("{}.{:03}", entry.at / 1000, entry.at % 1000);
    printer.line(&format!("{at:>10} ms {arrow} {}", sanitize(&entry.note, Lines::One)))?;
    let paint = printer.out();
    for row in dump(&entry.hex) {
        printer.line(&paint.dim(&format!("                {row}")))?;
    }
    if entry.length > entry.hex.len() / 2 {
        printer.line(&format!("                … {} bytes in all", entry.length))?;
    }
    Ok(())
}

fn sum(report: &Report, printer: &mut Printer) -> Result<(), Failure> {
    let counts: Vec<String> = Verdict::ALL
        .iter()
        .filter(|verdict| report.count(**verdict) > 0)
        .map(|verdict| format!("{} {}", report.count(*verdict), verdict.name()))
        .collect();
    let seconds = format!("{}.{}", report.millis / 1000, report.millis % 1000 / 100);
    let target = sanitize(&report.target, Lines::One);
    let cases = report.outcomes.len();
    Ok(printer.line(&format!("\n{target}: {cases} cases in {seconds} s: {}", counts.join(", ")))?)
}

fn compare(before: &Report, now: &Report, printer: &mut Printer) -> Result<ExitCode, Failure> {
    let changes = changes(before, now);
    for change in &changes {
        let word = if change.is_worse() { "worse" } else { "changed" };
        printer.line(&format!(
            "{word:<8}{}: was {}, is {}",
            change.id,
            change.was.name(),
            change.is.name()
        ))?;
    }
    let worse = changes.iter().filter(|change| change.is_worse()).count();
    printer
        .line(&format!("against the baseline: {worse} worse, {} changed in all", changes.len()))?;
    Ok(code(worse))
}
