//! The suite against servers of others: its verdicts alone, for whoever wants to compare.

use super::{
    cases::{Cases, Verdict},
    report::found,
    subject::Subject,
    suite::{SHARDS, Suite},
};
use crate::{failure::Outcome, paths};
use std::collections::HashMap;

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
}
