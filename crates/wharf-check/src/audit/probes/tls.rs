//! Versions of TLS that should be gone.

use crate::audit::{
    finding::{Certainty, Severity},
    hello::OldTls,
    probe::{Ask, Probe, Rule},
    seen::Sight,
};

/// The probes, for wss alone.
pub(crate) fn probes(scheme: &str) -> Vec<Probe> {
    let all = (scheme == "wss").then_some([OldTls::V1_0, OldTls::V1_1]);
    all.into_iter().flatten().map(probe).collect()
}

fn probe(version: OldTls) -> Probe {
    let rule = Rule {
        sight: Sight::Accepted,
        severity: Severity::Low,
        certainty: Certainty::Certain,
        found: format!("the server still speaks {version}"),
        why: "It rests on MD5 and SHA-1 and on ciphers that were broken (RFC 8996 forbids it); a client that can be \
              talked into it has no better protection than it gives",
        advice: "Let the server speak TLS 1.2 and 1.3 only",
    };
    let id = match version {
        OldTls::V1_0 => "tls/1.0",
        OldTls::V1_1 => "tls/1.1",
    };
    Probe {
        id: id.to_owned(),
        title: format!("a hello of {version}"),
        ask: Ask::Hello(version),
        rules: vec![rule],
        unless: Vec::new(),
    }
}
