//! What costs the server more than the sender: only if the user says so.

use crate::{
    audit::{
        finding::{Certainty, Severity},
        plan::{AuditPlan, Bomb, PingFlood},
        probe::{After, Ask, Probe, Rule, Session},
        seen::Sight,
    },
    run::handshake::DEFLATE,
    wire::{
        deflate::Compressor,
        frame::{Frame, RSV1, opcode},
    },
};

/// How many Pings a flood has.
const PINGS: usize = 1000;
/// How many MiB the bomb inflates to.
const MEBIBYTES: usize = 64;
/// The end of a flush, which is left out at the end of a message only (RFC 7692 §7.2.1).
const FLUSHED: [u8; 4] = [0, 0, 0xff, 0xff];

/// The probes that the plan allows.
pub(crate) fn probes(plan: &AuditPlan) -> Vec<Probe> {
    let bomb = (plan.bomb == Bomb::Sent).then(bomb);
    let flood = (plan.ping_flood == PingFlood::Sent).then(flood);
    bomb.into_iter().chain(flood).collect()
}

fn bomb() -> Probe {
    let rule = Rule {
        sight: Sight::Accepted,
        severity: Severity::Medium,
        certainty: Certainty::Certain,
        found: format!("a compressed message of 64 KiB is inflated to {MEBIBYTES} MiB"),
        why: "The sender pays a thousandth of what the server does: some connections are enough to fill its memory \
              (RFC 7692 §8)",
        advice: "Bound a message by its size after inflation, while it is inflated, and close with 1009",
    };
    Probe {
        id: "flood/bomb".to_owned(),
        title: format!("a compressed message that inflates to {MEBIBYTES} MiB"),
        ask: Ask::Session(Session { offer: Some(DEFLATE), frames: charge, after: After::Ping }),
        rules: vec![rule],
        unless: Vec::new(),
    }
}

/// Zeros behind zeros: from the second MiB on each is compressed to the same bytes.
fn charge() -> Vec<Frame> {
    let mut compressor = Compressor::new(15);
    let zeros = vec![0; 1 << 20];
    let mut message = compressor.message(&zeros);
    let next = compressor.message(&zeros);
    for _ in 1..MEBIBYTES {
        message.extend(FLUSHED);
        message.extend(&next);
    }
    vec![Frame::new(opcode::BINARY, message.as_slice()).reserved(RSV1)]
}

fn flood() -> Probe {
    let rule = Rule {
        sight: Sight::Accepted,
        severity: Severity::Info,
        certainty: Certainty::Certain,
        found: format!("{PINGS} Pings at once are taken"),
        why: "Each Ping makes the server write. While it reads no faster than it writes, that is harmless; if it \
              collects the answers for a peer that does not read, they need a bound",
        advice: "See that Pongs count in the bound of what waits to be sent, or answer the last Ping only \
                 (RFC 6455 §5.5.3)",
    };
    Probe {
        id: "flood/pings".to_owned(),
        title: format!("{PINGS} Pings at once"),
        ask: Ask::Session(Session { offer: None, frames: pings, after: After::Pongs(PINGS) }),
        rules: vec![rule],
        unless: Vec::new(),
    }
}

fn pings() -> Vec<Frame> {
    vec![Frame::new(opcode::PING, "wharf audit"); PINGS]
}

#[cfg(test)]
mod tests {
    use super::{MEBIBYTES, charge};
    use crate::wire::{inflate::Inflater, role::Role};

    /// The bomb is one: small on the wire, and a legal message of RFC 7692.
    #[test]
    fn the_bomb_inflates_to_what_it_says() {
        let payload = charge()[0].payload().to_vec();
        assert!(charge()[0].bytes(Role::Client).len() < 128 << 10);
        let message = Inflater::new(15).message(&payload).unwrap();
        assert_eq!(message.len(), MEBIBYTES << 20);
        assert!(message.iter().all(|byte| *byte == 0));
    }
}
