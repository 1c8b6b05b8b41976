//! `wharf audit`: what could a stranger do to a server?

use super::{audit_report as told, check::unasked, check_files, signals::Signals};
use crate::{
    audit_cli::AuditArgs,
    exit::ExitCode,
    failure::Failure,
    printer::Printer,
    sanitize::{Lines, sanitize},
};
use tokio::runtime::Builder;
use wharf_check::{Audit, AuditPlan, Bomb, PingFlood, Progress, Subject, Target, Trust};

/// A careful client needs somebody to trust.
const NO_ROOTS: &str = "there are no roots to hold the certificate to, so nothing is said of it";

/// Looks, tells, and judges.
pub(crate) fn audit(flags: &AuditArgs, printer: &mut Printer) -> Result<ExitCode, Failure> {
    let (subject, plan) = (subject(flags, printer)?, plan(flags));
    match run(&subject, &plan, printer)? {
        Ended::Audit(audit) => {
            if let Some(file) = &flags.json {
                check_files::put(file, &audit.to_json())?;
            }
            told::tell(&audit, printer)
        }
        Ended::Signal(code) => Ok(code),
    }
}

fn plan(flags: &AuditArgs) -> AuditPlan {
    let cookies: Vec<String> =
        flags.cookie.iter().map(|(name, value)| format!("{name}={value}")).collect();
    AuditPlan {
        cookie: (!cookies.is_empty()).then(|| cookies.join("; ")),
        origin: flags.origin.as_ref().map(|origin| text(origin.as_bytes())),
        patience: flags.patience,
        idle: flags.idle,
        bomb: if flags.bomb { Bomb::Sent } else { Bomb::Unsent },
        ping_flood: if flags.ping_flood { PingFlood::Sent } else { PingFlood::Unsent },
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn subject(flags: &AuditArgs, printer: &mut Printer) -> Result<Subject, Failure> {
    let trust = match &flags.cacert {
        Some(file) => Trust::Roots(check_files::bytes(file)?),
        None => Trust::Platform,
    };
    if !flags.insecure {
        return Ok(Subject { target: target(flags, &trust)?, careful: None });
    }
    printer.warn("--insecure: certificates are not verified, and what is sent may be read");
    let target = |trust: &Trust| target(flags, trust);
    let careful = target(&trust).inspect_err(|_| printer.warn(NO_ROOTS)).ok();
    Ok(Subject { target: target(&Trust::Anybody)?, careful })
}

fn target(flags: &AuditArgs, trust: &Trust) -> Result<Target, Failure> {
    let target = Target::new(&flags.url, trust).map_err(unasked)?;
    Ok(flags.header.iter().fold(target, |target, (name, value)| {
        target.with_field(name.as_str(), &text(value.as_bytes()))
    }))
}

/// How a run ended.
enum Ended {
    Audit(Box<Audit>),
    Signal(ExitCode),
}

fn run(subject: &Subject, plan: &AuditPlan, printer: &Printer) -> Result<Ended, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::because(ExitCode::Failure, &error))?;
    let progress = |title: &str, Progress { done, of }: Progress| {
        printer.progress(&format!("{done} of {of} · {}", sanitize(title, Lines::One)));
    };
    let ended = runtime.block_on(async {
        let mut signals =
            Signals::new().map_err(|error| Failure::because(ExitCode::Failure, &error))?;
        tokio::select! {
            audit = wharf_check::audit(subject, plan, progress) => {
                Ok(Ended::Audit(Box::new(audit.map_err(unasked)?)))
            }
            code = signals.next() => Ok(Ended::Signal(code)),
        }
    });
    printer.progress("");
    runtime.shutdown_background();
    ended
}
