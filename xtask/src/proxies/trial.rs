//! One `wharf connect` through one proxy.

use super::running::{Running, Way};
use crate::{
    failure::{During, Outcome},
    paths,
    process::{command, run_into},
    say,
    tools::certificate::Certificate,
};
use std::{fs::File, path::PathBuf};

/// What all trials share.
pub(super) struct Bench {
    pub(super) plain: u16,
    pub(super) tls: u16,
    pub(super) certificate: Certificate,
    pub(super) reports: PathBuf,
}

/// What a trial must come to.
#[derive(Clone, Copy)]
pub(super) enum Expected {
    /// The echo comes back.
    Echo,
    /// The error names the request for a tunnel and the proxy, and says this.
    NoTunnel(&'static str),
    /// The deadline strikes, and names what it has struck at the proxy.
    Silence,
}

const HELLO: &str = "hello through a proxy";

impl Expected {
    fn is_met(self, outcome: &Outcome, said: &str, way: &Way) -> bool {
        let proxy = format!("proxy 127.0.0.1:{}", way.port);
        let asked = format!("error: request for a tunnel to {proxy} failed: ");
        match self {
            Self::Echo => outcome.is_ok() && said.contains(HELLO),
            Self::NoTunnel(why) => outcome.is_err() && said.contains(&format!("{asked}{why}")),
            Self::Silence => {
                let step = match way.scheme {
                    "https" => "TLS handshake with",
                    _ => "request for a tunnel to",
                };
                let struck = format!("error: timed out after 3s during the {step} {proxy}");
                outcome.is_err() && said.contains(&struck)
            }
        }
    }

    /// The deadline of the attempt.
    const fn patience(self) -> &'static str {
        match self {
            Self::Echo | Self::NoTunnel(_) => "60s",
            Self::Silence => "3s",
        }
    }
}

impl Bench {
    /// How many ways to the proxy do not come to what is expected.
    pub(super) fn each_way(
        &self,
        proxy: &Running,
        login: &str,
        url: &str,
        expected: Expected,
    ) -> Outcome<usize> {
        proxy.ways.iter().map(|way| self.trial(proxy, way, login, url, expected)).sum()
    }

    /// 1 if it did not come to what was expected.
    fn trial(
        &self,
        proxy: &Running,
        way: &Way,
        login: &str,
        url: &str,
        expected: Expected,
    ) -> Outcome<usize> {
        let input = self.reports.join("input.txt");
        paths::write(&input, &format!("{HELLO}\n"))?;
        let by = format!("{}://{login}127.0.0.1:{}", way.scheme, way.port);
        let patience = ["--timeout", expected.patience()];
        let mut client = command("target/release/wharf", ["connect", "--once", "--proxy", &by]);
        // `--cacert` is for the server; the platform's roots, which this replaces, are for the proxy too.
        client.env("SSL_CERT_FILE", &self.certificate.certificate);
        client.args(patience).arg(url).stdin(File::open(&input).during("opening the input")?);
        let log = self.reports.join("client.log");
        let outcome = run_into(&mut client, &log);
        let said = paths::read(&log)?;
        let met = expected.is_met(&outcome, &said, way);
        let word = if met { "ok" } else { "FAILED" };
        let said = said.trim().replace('\n', "; ");
        say::line(format!("{word:<7}{} {by} → {url}: {said}", proxy.name));
        Ok(usize::from(!met))
    }
}
