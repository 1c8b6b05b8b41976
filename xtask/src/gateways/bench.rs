//! What all scenes share: a server, nginx in front of it, and `wharf connect` through both.

use super::{
    nginx::Nginx,
    recipe::{Chapter, Recipe},
    talk::Talk,
};
use crate::{
    failure::{Failure, Outcome},
    paths,
    process::{Background, command},
    served::Served,
    tools::certificate::Certificate,
};
use std::{path::PathBuf, time::Duration};

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where reports go, and for whom the certificate is: server and nginx both.
pub(super) struct Bench {
    pub(super) certificate: Certificate,
    pub(super) reports: PathBuf,
}

impl Bench {
    /// A server without TLS.
    pub(super) fn server(&self, options: &[&str]) -> Outcome<Served> {
        Served::start(options, None, &self.reports.join("wharf.log"))
    }

    /// nginx as the page's first configuration has it, changed a little.
    pub(super) fn nginx(
        &self,
        server: &Served,
        change: impl FnOnce(Recipe) -> Outcome<Recipe>,
    ) -> Outcome<Nginx> {
        Nginx::start(Chapter::EndsTls, server.port, &self.certificate, &self.reports, change)
    }

    /// A conversation through nginx.
    pub(super) fn talk(&self, nginx: &Nginx) -> Outcome<Talk> {
        let log = self.reports.join("talk.log");
        Talk::start(&nginx.url("/echo"), &self.certificate.certificate, log)
    }

    /// Runs `wharf connect` with these arguments: it must say this, and end so.
    pub(super) fn connect(&self, arguments: &[&str], told: &str, code: i32) -> Outcome {
        let log = self.reports.join("connect.log");
        let mut line = command("target/release/wharf", ["connect", "--cacert"]);
        line.arg(&self.certificate.certificate).args(arguments);
        let status = Background::start(&mut line, &log)?.within(PATIENCE)?;
        let said = paths::read(&log)?;
        if status.code() == Some(code) && said.contains(told) {
            return Ok(());
        }
        let said = said.trim().replace('\n', "; ");
        let asked = arguments.join(" ");
        Err(Failure::new(format!("{asked}: {status} instead of {code} with `{told}`: {said}")))
    }
}
