//! `cargo xtask agreement`: both suites ask the same peers.

use super::{
    agreement::Agreement,
    ask::{self, Report},
    findings::Findings,
    folder, page,
    peer::{Role, client, words},
};
use crate::{
    autobahn::Foreigners,
    failure::{Failure, Outcome},
    foreign::{self, Foreign},
    say,
};

/// A set of cases that both suites ask a peer.
#[derive(Clone, Copy)]
struct Question {
    role: Role,
    peers: &'static [&'static str],
    /// As the page names it.
    groups: &'static str,
    /// Autobahn's numbers.
    cases: &'static [&'static str],
    ours: ask::Cases,
}

/// All groups but those about volume.
const USUAL: [&str; 8] = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"];

/// Of the 216 cases of groups 12 and 13, which take seconds each, one size of each kind of message and two of each
/// kind of offer.
const VOLUMES: [&str; 25] = [
    "9.*", "12.1.1", "12.1.5", "12.1.10", "12.1.18", "12.2.5", "12.2.14", "12.3.5", "12.3.14",
    "12.4.5", "12.4.14", "12.5.5", "12.5.14", "13.1.5", "13.1.14", "13.2.5", "13.2.14", "13.3.5",
    "13.3.14", "13.4.5", "13.4.14", "13.5.5", "13.5.14", "13.6.5", "13.7.5",
];

const QUESTIONS: [Question; 3] = [
    Question {
        role: Role::Server,
        peers: &[
            "tokio-tungstenite",
            "fastwebsockets",
            "ws",
            "websockets",
            "gorilla",
            "libwebsockets",
        ],
        groups: "1–7, 10",
        cases: &USUAL,
        ours: ask::Cases::Usual,
    },
    Question {
        role: Role::Client,
        peers: &["tokio-tungstenite", "ws", "websockets", "gorilla"],
        groups: "1–7, 10",
        cases: &USUAL,
        ours: ask::Cases::Usual,
    },
    Question {
        role: Role::Server,
        peers: &["tokio-tungstenite", "ws", "websockets", "gorilla"],
        groups: "9, and some of 12, 13",
        cases: &VOLUMES,
        ours: ask::Cases::Volumes,
    },
];

/// `agreement [name…]`: asks these or all, and writes the page.
pub(crate) fn run(names: &[&str]) -> Outcome {
    let all: Vec<&str> = QUESTIONS.iter().flat_map(|question| question.peers).copied().collect();
    if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
        return Err(Failure::new(format!(
            "both suites ask no `{unknown}`, but {}",
            all.join(", ")
        )));
    }
    let is_wanted = |name: &str| names.is_empty() || names.contains(&name);
    let wanted: Vec<&str> = all.iter().copied().filter(|name| is_wanted(name)).collect();
    let peers = foreign::install_unwinding(&wanted)?;
    ask::build()?;
    let suite = Foreigners::new()?;
    let mut agreements = Vec::new();
    for question in QUESTIONS {
        for name in question.peers.iter().filter(|name| is_wanted(name)) {
            let peer = peers.iter().find(|peer| peer.name == *name);
            agreements.extend(peer.map(|peer| compare(question, peer, &suite)).transpose()?);
        }
    }
    page::write_agreement(&agreements)
}

fn compare(question: Question, peer: &Foreign, suite: &Foreigners) -> Outcome<Agreement> {
    let Question { role, groups, .. } = question;
    say::line(format!("{} {}, groups {groups}: wharf check", peer.name, role.name()));
    let asked = ask::ask(peer, role, &folder()?, question.ours, Report::New)?;
    let asked =
        asked.ok_or_else(|| Failure::new(format!("{} is no {}", peer.name, role.name())))?;
    let findings = Findings::read(asked)?;
    say::line(format!("{} {}, groups {groups}: the Autobahn suite", peer.name, role.name()));
    let patterns: Vec<String> = question.cases.iter().map(ToString::to_string).collect();
    let mode = findings.asked.mode;
    let theirs = match (role, &peer.client) {
        (Role::Client, Some(program)) => {
            let start = |url: &str, agent: &str| client(program, agent, url, mode);
            suite.judge_client(peer.name, start, &patterns)?
        }
        _ => suite.judge(peer.name, &words(&peer.server, mode), &patterns)?,
    };
    Ok(Agreement::of(&findings, groups, &theirs))
}
