//! One client, one server, one way to offer permessage-deflate.

use crate::{failure::Outcome, paths, process::run_into, say, tools::certificate::Certificate};
use std::{path::Path, process::Command};

/// A client that will be run: `URL OFFER EXPECTED [ROOT.pem]`; it prints a line per check and fails if one fails.
pub(super) struct Trial {
    title: String,
    client: Command,
}

/// What the two ends must have agreed on.
#[derive(Clone, Copy)]
pub(super) enum Agreed {
    Plain,
    Deflated,
}

impl Trial {
    pub(super) fn new(
        title: String,
        mut client: Command,
        url: &str,
        offer: &str,
        agreed: Agreed,
    ) -> Self {
        let expected = match agreed {
            Agreed::Plain => "plain",
            Agreed::Deflated => "deflated",
        };
        client.args([url, offer, expected]);
        Self { title, client }
    }

    /// Runs it: 1 if anything failed, after showing what it printed.
    pub(super) fn failures(mut self, tls: Option<&Certificate>, reports: &Path) -> Outcome<usize> {
        let transport = if tls.is_some() { "TLS" } else { "TCP" };
        let log = reports.join("client.log");
        self.client.args(tls.map(|tls| &tls.certificate));
        let outcome = run_into(&mut self.client, &log);
        let said = paths::read(&log)?;
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        let checks = said.lines().count();
        say::line(format!("{word:<7}{}, {transport}: {checks} checks", self.title));
        said.lines().filter(|_| outcome.is_err()).for_each(say::line);
        Ok(usize::from(outcome.is_err()))
    }
}
