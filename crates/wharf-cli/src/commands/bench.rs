//! `wharf bench`: loads a server and tells what it found.

use super::signals::Signals;
use crate::{
    bench::{
        live,
        settings::{BenchSettings, View},
    },
    exit::ExitCode,
    failure::Failure,
    printer::{Printer, Surface},
    settings::{INSECURE, Trust},
};
use std::{
    fs, io,
    path::Path,
    sync::{Arc, OnceLock},
    thread,
    time::{Duration, Instant},
};
use wharf_bench::{Progress, Report, RunError, Stopper, TroubleKind, run};

/// How often a line is printed where nothing can be shown in place.
const LINE_EVERY: Duration = Duration::from_secs(1);

/// Runs to the end, or until a signal comes; what was found until then is told.
pub(crate) fn bench(settings: BenchSettings, printer: &mut Printer) -> Result<ExitCode, Failure> {
    let old = settings.compare.as_deref().map(read).transpose()?;
    if settings.trust == Trust::Anybody {
        printer.warn(INSECURE);
    }
    let (stopper, signal) = watch_signals()?;
    let mut watcher =
        Watcher { printer, connections: settings.plan.connections.get(), shown: None };
    let mut look = |progress: &Progress<'_>| match settings.view {
        View::Live => watcher.show(progress),
        View::Quiet => {}
    };
    let report = run(settings.plan.clone(), &stopper, &mut look);
    printer.leave_area();
    let interrupted = signal.get().copied();
    let report = match report {
        Ok(report) => report,
        Err(_) if let Some(code) = interrupted => return Ok(code),
        Err(error) => return Err(Failure::new(exit_code(&error), &error)),
    };
    tell(&settings, &report, old.as_ref(), printer)?;
    Ok(interrupted.unwrap_or_else(|| verdict(&settings, &report, printer)))
}

/// The first signal ends the run, the second the process.
fn watch_signals() -> Result<(Stopper, Arc<OnceLock<ExitCode>>), Failure> {
    let broken = |error: io::Error| Failure::because(ExitCode::Failure, &error);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(broken)?;
    let mut signals = {
        let _inside = runtime.enter();
        Signals::new().map_err(broken)?
    };
    let (stopper, signal) = (Stopper::default(), Arc::new(OnceLock::new()));
    let (stop, seen) = (stopper.clone(), Arc::clone(&signal));
    thread::spawn(move || {
        runtime.block_on(async {
            let _ = seen.set(signals.next().await);
            stop.stop();
            std::process::exit(signals.next().await.get().into())
        })
    });
    Ok((stopper, signal))
}

/// What is seen while it runs.
struct Watcher<'a> {
    printer: &'a mut Printer,
    connections: u32,
    /// When a line was printed last.
    shown: Option<Instant>,
}

impl Watcher<'_> {
    fn show(&mut self, progress: &Progress<'_>) {
        match self.printer.notes() {
            Surface::Terminal => self.printer.area(&live::area(progress, self.connections)),
            Surface::Pipe if self.shown.is_none_or(|shown| shown.elapsed() >= LINE_EVERY) => {
                self.shown = Some(Instant::now());
                if let Some(line) = live::line(progress) {
                    self.printer.note(&line);
                }
            }
            Surface::Pipe => {}
        }
    }
}

fn read(path: &Path) -> Result<Report, Failure> {
    let unfit = |why: &dyn std::fmt::Display| {
        Failure::new(
            ExitCode::Failure,
            format!("{} cannot be compared with: {why}", path.display()),
        )
    };
    let text = fs::read_to_string(path).map_err(|error| unfit(&error))?;
    Report::from_json(&text).map_err(|error| unfit(&error))
}

/// Writes the report in every form that was asked for.
fn tell(
    settings: &BenchSettings,
    report: &Report,
    old: Option<&Report>,
    printer: &mut Printer,
) -> Result<(), Failure> {
    let to_stdout = settings.json.as_deref() == Some(Path::new("-"));
    if to_stdout {
        printer.line(&report.to_json())?;
    } else {
        printer.line(&report.to_text())?;
    }
    if let Some(old) = old {
        let compared = report.compared_with(old);
        if to_stdout { printer.note(&compared) } else { printer.line(&format!("\n{compared}"))? }
    }
    if let Some(path) = settings.json.as_deref().filter(|_| !to_stdout) {
        write(path, report.to_json() + "\n")?;
    }
    if let Some(path) = &settings.html {
        write(path, report.to_html())?;
    }
    Ok(())
}

fn write(path: &Path, text: String) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| {
        Failure::new(ExitCode::Failure, format!("{} cannot be written: {error}", path.display()))
    })
}

/// Whether the thresholds are kept.
fn verdict(settings: &BenchSettings, report: &Report, printer: &mut Printer) -> ExitCode {
    let mut code = ExitCode::Success;
    for broken in settings.fail_if.iter().filter_map(|threshold| threshold.broken(report)) {
        printer.error(&format!("--fail-if {broken}"));
        code = ExitCode::Threshold;
    }
    code
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
