//! How long a server waits for who says nothing.

use crate::audit::{
    finding::{Certainty, Severity},
    plan::AuditPlan,
    probe::{After, Ask, Probe, Rule, Session},
    seen::Sight,
};
use crate::case::opening::Stall;
use std::time::Duration;

/// Servers of the field give a handshake 5 to 30 seconds; less than this says nothing about them.
const TELLING: Duration = Duration::from_secs(10);

/// Servers of the field ping or give up within 20 s to 2 minutes.
const IDLE: Duration = Duration::from_secs(120);

/// The probes.
pub(crate) fn probes(plan: &AuditPlan) -> Vec<Probe> {
    let stalls = [Stall::Silent, Stall::Dripping];
    stalls
        .map(|stall| stalled(stall, plan.patience))
        .into_iter()
        .chain(plan.idle.map(idle))
        .collect()
}

fn stalled(stall: Stall, patience: Duration) -> Probe {
    let seconds = patience.as_secs_f64();
    let (id, title, what) = match stall {
        Stall::Silent => (
            "timers/half-a-handshake",
            format!("half a request, and then nothing for {seconds} s"),
            "half a handshake",
        ),
        Stall::Dripping => (
            "timers/dripping-handshake",
            format!("a request that comes octet by octet for {seconds} s"),
            "a handshake that drips",
        ),
    };
    let is_telling = patience >= TELLING;
    let rule = Rule {
        sight: Sight::Silent,
        severity: if is_telling { Severity::Medium } else { Severity::Low },
        certainty: if is_telling { Certainty::Likely } else { Certainty::Hint },
        found: format!("{what} is waited for longer than {seconds} s"),
        why: "Whoever opens many connections and finishes none holds the server's memory and descriptors with almost \
              no traffic (slowloris)",
        advice: "Put one deadline over the whole handshake, TLS included, 5 to 10 s, and cap unfinished ones. If there \
                 is a longer one, ask again with a longer --patience",
    };
    Probe {
        id: id.to_owned(),
        title,
        ask: Ask::Stalled(stall, patience),
        rules: vec![rule],
        unless: Vec::new(),
    }
}

fn idle(idle: Duration) -> Probe {
    let rule = Rule {
        sight: Sight::Silent,
        severity: if idle >= IDLE { Severity::Low } else { Severity::Info },
        certainty: Certainty::Hint,
        found: format!(
            "a silent connection gets neither a Ping nor an end within {} s",
            idle.as_secs_f64()
        ),
        why: "Peers that are gone without a word are kept, until the server has no room for others",
        advice: "Send Pings and end connections that answer none, or end them after a time without traffic",
    };
    Probe {
        id: "timers/idle".to_owned(),
        title: format!("an open connection, and nothing for {} s", idle.as_secs_f64()),
        ask: Ask::Session(Session { offer: None, frames: Vec::new, after: After::Idle(idle) }),
        rules: vec![rule],
        unless: Vec::new(),
    }
}
