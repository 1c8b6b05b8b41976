//! `wharf check`: does a server or a client keep the rules?

use super::{
    check_files,
    check_report::{self as told, Detail},
    self_signed::Pair,
    signals::Signals,
};
use crate::{
    check_cli::{CheckArgs, CheckClient, CheckLevel, CheckRun, CheckServer, Whom},
    exit::ExitCode,
    failure::Failure,
    printer::Printer,
    sanitize::{Lines, sanitize},
};
use std::net::SocketAddr;
use tokio::runtime::Builder;
use wharf_check::{
    ClientCommand, Clients, Level, Outcome, Plan, Progress, Report, Role, Scope, Target,
    TargetError, Trust,
};

/// Who is asked, and how to reach it.
enum Subject {
    Server(Box<Target>),
    Client { address: SocketAddr, tls: Option<Tls>, command: Option<ClientCommand> },
}

/// A chain of certificates and its key, in PEM.
struct Tls {
    chain: Vec<u8>,
    key: Vec<u8>,
}

/// Asks, tells, and judges.
pub(crate) fn check(flags: CheckArgs, printer: &mut Printer) -> Result<ExitCode, Failure> {
    let (role, run) = match &flags.whom {
        None => return check_files::matrix(&flags.matrix, flags.output.as_deref(), printer),
        Some(Whom::Server(flags)) => (Role::Server, &flags.run),
        Some(Whom::Client(flags)) => (Role::Client, &flags.run),
    };
    let plan = plan(run);
    if run.list {
        return told::list(&plan, role, printer);
    }
    if let Some(id) = &run.explain {
        told::explain(id, printer)?;
    }
    let detail = if run.explain.is_some() { Detail::Wire } else { Detail::Result };
    let before = run.baseline.as_deref().map(check_files::read).transpose()?;
    let subject = match &flags.whom {
        Some(Whom::Server(flags)) => server(flags, printer)?,
        Some(Whom::Client(flags)) => client(flags)?,
        None => return Ok(ExitCode::Usage),
    };
    match run_all(subject, &plan, printer)? {
        Ended::Report(mut report) => {
            if let Some(name) = &run.name {
                report.target.clone_from(name);
            }
            check_files::write(&report, &run.report)?;
            told::tell(&report, before.as_ref(), detail, printer)
        }
        Ended::Signal(code) => Ok(code),
    }
}

fn plan(flags: &CheckRun) -> Plan {
    let only = match &flags.explain {
        Some(id) => vec![id.clone()],
        None => flags.only.clone(),
    };
    let scope = match (flags.quick, flags.big || flags.explain.is_some()) {
        (true, _) => Scope::Quick,
        (false, true) => Scope::Big,
        (false, false) => Scope::Usual,
    };
    let level = match flags.level {
        CheckLevel::Must => Level::Must,
        CheckLevel::Should => Level::Should,
        CheckLevel::Practice => Level::Practice,
    };
    let (skip, patience) = (flags.skip.clone(), flags.patience);
    Plan { scope, only, skip, level, jobs: flags.jobs, patience }
}

fn server(flags: &CheckServer, printer: &mut Printer) -> Result<Subject, Failure> {
    let trust = match (&flags.cacert, flags.insecure) {
        (Some(file), _) => Trust::Roots(check_files::bytes(file)?),
        (None, true) => Trust::Anybody,
        (None, false) => Trust::Platform,
    };
    if trust == Trust::Anybody {
        printer.warn("--insecure: certificates are not verified");
    }
    let mut target = Target::new(&flags.url, &trust).map_err(unasked)?;
    if let Some(path) = &flags.path {
        target = target.with_path(path);
    }
    for (name, value) in &flags.header {
        target = target.with_field(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
    }
    Ok(Subject::Server(Box::new(target)))
}

fn client(flags: &CheckClient) -> Result<Subject, Failure> {
    let tls = match (&flags.tls_cert, &flags.tls_key) {
        (Some(chain), Some(key)) => {
            Some(Tls { chain: check_files::bytes(chain)?, key: check_files::bytes(key)? })
        }
        _ if flags.tls_self_signed => {
            let Pair { certificate, key, .. } = Pair::new(flags.listen.ip())?;
            Some(Tls { chain: certificate.into_bytes(), key: key.into_bytes() })
        }
        _ => None,
    };
    let command = ClientCommand::new(flags.command.clone());
    Ok(Subject::Client { address: flags.listen, tls, command })
}

/// How a run ended.
enum Ended {
    Report(Box<Report>),
    Signal(ExitCode),
}

fn run_all(subject: Subject, plan: &Plan, printer: &mut Printer) -> Result<Ended, Failure> {
    let runtime = Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::because(ExitCode::Failure, &error))?;
    let ended = runtime.block_on(async {
        let mut signals =
            Signals::new().map_err(|error| Failure::because(ExitCode::Failure, &error))?;
        tokio::select! {
            report = ask(subject, plan, printer) => Ok(Ended::Report(Box::new(report?))),
            code = signals.next() => Ok(Ended::Signal(code)),
        }
    });
    printer.progress("");
    runtime.shutdown_background();
    ended
}

async fn ask(subject: Subject, plan: &Plan, printer: &mut Printer) -> Result<Report, Failure> {
    match subject {
        Subject::Server(target) => {
            wharf_check::check_server(*target, plan, progress(printer)).await.map_err(unasked)
        }
        Subject::Client { address, tls, command } => {
            let mut clients = Clients::listen(address).await.map_err(|error| {
                let told = format!("{address} cannot be listened on: {error}");
                Failure::new(ExitCode::Failure, told)
            })?;
            if let Some(Tls { chain, key }) = tls {
                clients = clients.with_tls(&chain, &key).map_err(unasked)?;
            }
            if let Some(command) = command {
                return Ok(clients.check_command(&command, plan, progress(printer)).await);
            }
            printer.note(&format!("waiting for a client at {}", clients.url()));
            Ok(clients.check_loop(plan, progress(printer)).await)
        }
    }
}

fn progress(printer: &mut Printer) -> impl FnMut(&Outcome, Progress) {
    let mut bad = 0;
    move |outcome, progress| {
        bad += usize::from(outcome.verdict.is_bad());
        let Progress { done, of } = progress;
        printer.progress(&format!("{done} of {of}, {bad} not as they should be · {}", outcome.id));
    }
}

/// Why nothing could be asked.
pub(super) fn unasked(error: TargetError) -> Failure {
    let code = match &error {
        TargetError::Url(_) => ExitCode::Usage,
        TargetError::Trust(_) | TargetError::Tls(_) => ExitCode::Tls,
        TargetError::Unreachable(_) => ExitCode::Unreachable,
        TargetError::NoUpgrade(_) => ExitCode::HttpStatus,
        TargetError::NoEcho(_) => ExitCode::Protocol,
    };
    Failure::new(code, sanitize(&error.to_string(), Lines::One))
}
