//! Foreign clients of our server, foreign servers of our client: plain and TLS, with and without deflate.

mod foreign;
mod trial;

use crate::{
    checks,
    failure::{Failure, Outcome},
    paths,
    process::{Background, cargo, command, free_port, run},
    served::Served,
    tools::certificate::Certificate,
};
use foreign::Foreign;
use std::path::PathBuf;
use trial::{Agreed, Trial};

/// How a client offers permessage-deflate.
const OFFERS: [&str; 5] = ["off", "on", "no-takeover", "window-9", "window-10-no-takeover"];

/// How our server answers, as its `--deflate` has it.
const ANSWERS: [&str; 3] = ["off", "on", "no-takeover,window=9"];

/// What all trials over one transport share.
struct Bench<'a> {
    foreign: &'a [Foreign],
    tls: Option<&'a Certificate>,
    reports: PathBuf,
}

/// `peers`
pub(crate) fn check() -> Outcome {
    let foreign = foreign::install()?;
    checks::cargo::release()?;
    let example = ["--package", "wharf", "--example", "peer_client"];
    run(cargo(["build", "--quiet", "--release"]).args(example))?;
    let reports = paths::fresh_report("peers")?;
    let certificate = Certificate::make(&reports)?;
    let mut failed = 0;
    for tls in [None, Some(&certificate)] {
        failed += Bench { foreign: &foreign, tls, reports: reports.clone() }.failures()?;
    }
    match failed {
        0 => Ok(()),
        _ => Err(Failure::new(format!("peers: {failed} trials failed"))),
    }
}

impl Bench<'_> {
    fn failures(&self) -> Outcome<usize> {
        let clients = self.foreign.iter().map(|peer| self.our_client(peer));
        let servers = ANSWERS.iter().map(|answer| self.our_server(answer));
        clients.chain(servers).sum()
    }

    /// Every foreign client with every offer against one setting of our server.
    fn our_server(&self, answer: &str) -> Outcome<usize> {
        let options = ["--deflate", answer, "--max-message", "32M"];
        let server = Served::start(&options, self.tls, &self.reports.join("wharf-server.log"))?;
        let trial = |peer: &Foreign, offer: &str| {
            let title = format!("{} client ({offer}) to wharf ({answer})", peer.name);
            let url = self.url(server.port);
            Trial::new(title, peer.client(), &url, offer, agreed(offer, answer))
        };
        let pairs = self.foreign.iter().flat_map(|peer| OFFERS.map(|offer| trial(peer, offer)));
        pairs.map(|trial| trial.failures(self.tls, &self.reports)).sum()
    }

    /// Our client with every offer against one foreign server.
    fn our_client(&self, peer: &Foreign) -> Outcome<usize> {
        let port = free_port()?;
        let mut line = peer.server();
        line.arg(port.to_string());
        line.args(self.tls.into_iter().flat_map(|tls| [&tls.certificate, &tls.key]));
        let log = self.reports.join(format!("{}-server.log", peer.name));
        let mut server = Background::start(&mut line, &log)?;
        server.listens_on(port)?;
        let trial = |offer: &str| {
            let title = format!("wharf client ({offer}) to {} server", peer.name);
            let client = command("target/release/examples/peer_client", [""; 0]);
            Trial::new(title, client, &self.url(port), offer, agreed(offer, "on"))
        };
        OFFERS.map(trial).into_iter().map(|trial| trial.failures(self.tls, &self.reports)).sum()
    }

    fn url(&self, port: u16) -> String {
        let scheme = if self.tls.is_some() { "wss" } else { "ws" };
        format!("{scheme}://localhost:{port}")
    }
}

fn agreed(offer: &str, answer: &str) -> Agreed {
    if offer == "off" || answer == "off" { Agreed::Plain } else { Agreed::Deflated }
}
