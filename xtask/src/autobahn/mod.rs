//! The Autobahn test suite against both roles of wharf, with every verdict compared to the tree's.

mod cases;
mod foreign;
mod report;
mod subject;
mod suite;

use crate::{
    failure::{Failure, Outcome},
    paths, say,
};
use cases::Cases;
pub(crate) use cases::Verdict;
pub(crate) use foreign::Foreigners;
use report::Report;
use std::{path::PathBuf, time::Instant};
use subject::Subject;
use suite::{SHARDS, Suite};

/// Which end of a connection wharf is.
#[derive(Clone, Copy)]
enum Role {
    Server,
    Client,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
        }
    }
}

/// What the command line asks for.
struct Request {
    roles: &'static [Role],
    cases: Vec<String>,
    subject: PathBuf,
}

/// `autobahn [server|client|both] [--cases 1.*,9.3.1] [--subject FILE]`
pub(crate) fn run(words: &[&str]) -> Outcome {
    let request = Request::parse(words)?;
    let cases =
        Cases::read(&paths::tests("autobahn").join("expected.json"))?.select(&request.cases)?;
    let subject = Subject::read(&request.subject)?;
    subject.build()?;
    let suite = Suite::install()?;
    let differences: Vec<Report> = request
        .roles
        .iter()
        .map(|role| judge(*role, &cases, &subject, &suite))
        .collect::<Outcome<_>>()?;
    match differences.iter().map(Report::differences).sum() {
        0 => Ok(()),
        count => Err(Failure::new(format!("Autobahn: {count} verdicts are not the expected ones"))),
    }
}

fn judge(role: Role, cases: &Cases, subject: &Subject, suite: &Suite) -> Outcome<Report> {
    let started = Instant::now();
    let reports = paths::fresh_report(&format!("autobahn/{}", role.name()))?;
    let shards = cases.shards(SHARDS);
    match role {
        Role::Server => suite.fuzz_server(subject, &shards, &reports)?,
        Role::Client => suite.fuzz_client(subject, &shards, &reports)?,
    }
    let report = Report::read(cases, shards.len(), &reports)?;
    let seconds = started.elapsed().as_secs();
    report.lines().iter().for_each(say::line);
    say::line(format!(
        "Autobahn, wharf as {}: {} in {seconds} s; {}",
        role.name(),
        report.summary(),
        reports.display()
    ));
    Ok(report)
}

impl Request {
    fn parse(words: &[&str]) -> Outcome<Self> {
        let subject = paths::tests("autobahn").join("wharf.json");
        let mut request = Self { roles: &[Role::Server, Role::Client], cases: Vec::new(), subject };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value =
                || words.next().ok_or_else(|| Failure::new(format!("{word} needs a value")));
            match *word {
                "server" => request.roles = &[Role::Server],
                "client" => request.roles = &[Role::Client],
                "both" => request.roles = &[Role::Server, Role::Client],
                "--cases" => request.cases = value()?.split(',').map(str::to_owned).collect(),
                "--subject" => request.subject = PathBuf::from(value()?),
                _ => return Err(Failure::new(format!("autobahn does not know `{word}`"))),
            }
        }
        Ok(request)
    }
}
