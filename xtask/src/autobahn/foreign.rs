//! The suite against servers of others: its verdicts alone, for whoever wants to compare.

use super::{
    cases::{Cases, Verdict},
    report::found,
    subject::Subject,
    suite::{AGENT, SHARDS, Suite},
};
use crate::{failure::Outcome, paths, process::Background};
use std::{collections::HashMap, process::Command};

/// The suite, ready to ask anybody.
pub(crate) struct Foreigners(Suite);

impl Foreigners {
    /// Installs the suite, unless it is there.
    pub(crate) fn new() -> Outcome<Self> {
        Suite::install().map(Self)
    }

    /// What the suite says of a server in the cases that match; `{port}` stands for the port in its words.
    pub(crate) fn judge(
        &self,
        name: &str,
        server: &[String],
        patterns: &[String],
    ) -> Outcome<HashMap<String, Verdict>> {
        let table = paths::tests("autobahn").join("expected.json");
        let cases = Cases::read(&table)?.select(patterns)?;
        let shards = cases.shards(SHARDS);
        let reports = paths::fresh_report(&format!("autobahn/{name}"))?;
        self.0.fuzz_server(&Subject::server(server), &shards, &reports)?;
        found(shards.len(), &reports)
    }

    /// What the suite says of a client in the cases that match; `start` makes the command for a URL and the name that
    /// the client has to give itself.
    pub(crate) fn judge_client(
        &self,
        name: &str,
        start: impl Fn(&str, &str) -> Command,
        patterns: &[String],
    ) -> Outcome<HashMap<String, Verdict>> {
        let table = paths::tests("autobahn").join("expected.json");
        let cases = Cases::read(&table)?.select(patterns)?;
        let shards = cases.shards(SHARDS);
        let reports = paths::fresh_report(&format!("autobahn/{name}-client"))?;
        let servers = self.0.serve(&shards, &reports)?;
        let connect = |(index, (_, url)): (usize, &(Background, String))| {
            let log = reports.join(format!("client-{index}.log"));
            Background::start(&mut start(url, AGENT), &log)
        };
        let clients: Vec<Background> =
            servers.iter().enumerate().map(connect).collect::<Outcome<_>>()?;
        clients.into_iter().try_for_each(|mut client| client.success())?;
        found(shards.len(), &reports)
    }
}
