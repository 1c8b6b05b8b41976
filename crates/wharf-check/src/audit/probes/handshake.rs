//! What a handshake may hold, and which versions are spoken.

use crate::{
    audit::{
        finding::{Certainty, Severity},
        probe::{Ask, Probe, Rule},
        seen::Sight,
        welcome::Welcome,
    },
    wire::http::Head,
};

const WHY_HEAD: &str = "Whoever connects makes the server hold that much for each connection, before it knows who it is";
const ADVICE_HEAD: &str =
    "Bound the head in bytes and in headers, 8 to 16 KiB and about 100, and refuse more with 431";

/// The probes.
pub(crate) fn probes(welcome: &Welcome) -> Vec<Probe> {
    let long = welcome.head(None).add("X-Audit", &"a".repeat(64 << 10));
    let many = (0..200).fold(welcome.head(None), |head, n| head.add(&format!("X-Audit-{n}"), "1"));
    vec![
        probe("handshake/head-64k", "a head of 64 KiB", long, |found| Rule {
            found: format!("{found} is taken"),
            ..rule(WHY_HEAD, ADVICE_HEAD)
        }),
        probe("handshake/200-headers", "a head with 200 headers", many, |found| Rule {
            found: format!("{found} is taken"),
            ..rule(WHY_HEAD, ADVICE_HEAD)
        }),
        version(welcome),
        key(welcome),
    ]
}

fn version(welcome: &Welcome) -> Probe {
    let head = welcome.head(None).set("Sec-WebSocket-Version", "12");
    probe("handshake/version", "Sec-WebSocket-Version: 12", head, |_| Rule {
        found: "a version of the protocol is taken that nobody speaks".to_owned(),
        certainty: Certainty::Certain,
        ..rule(
            "The server does not read the version (RFC 6455 §4.2.1), so it may speak to a client that means something \
             else by the same bytes",
            "Refuse any version but 13 with 426 and Sec-WebSocket-Version: 13 (RFC 6455 §4.2.2)",
        )
    })
}

fn key(welcome: &Welcome) -> Probe {
    let head = welcome.head(None).without("Sec-WebSocket-Key");
    probe("handshake/no-key", "no Sec-WebSocket-Key", head, |_| Rule {
        found: "a request without Sec-WebSocket-Key is taken".to_owned(),
        ..rule(
            "The key is what a form or a script of plain HTTP cannot send: without it other requests pass for a \
             handshake (RFC 6455 §10.2, §1.3)",
            "Refuse a request without a key of 16 bytes in base64 with 400 (RFC 6455 §4.2.1)",
        )
    })
}

fn probe(id: &str, title: &str, head: Head, rule: impl Fn(&str) -> Rule) -> Probe {
    let (id, title) = (id.to_owned(), title.to_owned());
    Probe { rules: vec![rule(&title)], id, title, ask: Ask::Request(head), unless: Vec::new() }
}

const fn rule(why: &'static str, advice: &'static str) -> Rule {
    Rule {
        sight: Sight::Upgraded,
        severity: Severity::Low,
        certainty: Certainty::Certain,
        found: String::new(),
        why,
        advice,
    }
}
