//! What an open connection takes that it must not, and how it says so.

use crate::{
    audit::{
        finding::{Certainty, Severity},
        probe::{After, Ask, Probe, Rule, Session},
        seen::Sight,
    },
    wire::frame::{Frame, Length, Mask, opcode},
};

/// More frames of one message than any honest sender makes of an empty one.
const FRAGMENTS: usize = 8192;

/// The probes.
pub(crate) fn probes() -> Vec<Probe> {
    vec![unmasked(), reserved(), huge(), fragments()]
}

fn probe(
    id: &str,
    title: &str,
    frames: fn() -> Vec<Frame>,
    after: After,
    rules: Vec<Rule>,
) -> Probe {
    let ask = Ask::Session(Session { offer: None, frames, after });
    Probe { id: id.to_owned(), title: title.to_owned(), ask, rules, unless: Vec::new() }
}

/// RFC 6455 §7.1.7: whoever fails a connection says why, if it can.
fn wordless() -> Rule {
    Rule {
        sight: Sight::Ended,
        severity: Severity::Info,
        certainty: Certainty::Certain,
        found: "a broken rule ends the stream without a Close".to_owned(),
        why: "Clients cannot tell a mistake of theirs from a broken network, and try again (RFC 6455 §7.1.7)",
        advice: "Send a Close with the code of the reason, 1002 here, before the stream ends",
    }
}

fn unmasked() -> Probe {
    let rule = Rule {
        sight: Sight::Accepted,
        severity: Severity::Medium,
        certainty: Certainty::Certain,
        found: "a frame of the client's that is not masked is taken".to_owned(),
        why: "Masking keeps a page from choosing the bytes on the wire, with which it could poison the caches of \
              proxies in between; a server that takes unmasked frames speaks to clients that leave it out \
              (RFC 6455 §10.3)",
        advice: "Close with 1002 when an unmasked frame comes (RFC 6455 §5.1); look for an option of your library",
    };
    probe(
        "frames/unmasked",
        "an unmasked frame",
        || vec![Frame::new(opcode::TEXT, "audit").masked(Mask::Wrong)],
        After::Ping,
        vec![rule, wordless()],
    )
}

fn reserved() -> Probe {
    let rule = Rule {
        sight: Sight::Accepted,
        severity: Severity::Low,
        certainty: Certainty::Certain,
        found: "a frame with a reserved opcode is taken".to_owned(),
        why: "What one side skips, another in between may read: two readings of one stream are how checks are evaded \
              (RFC 6455 §5.2)",
        advice: "Close with 1002 when an opcode comes that nobody agreed on",
    };
    probe(
        "frames/reserved-opcode",
        "a frame with the reserved opcode 3",
        || vec![Frame::new(3, "audit")],
        After::Ping,
        vec![rule, wordless()],
    )
}

fn huge() -> Probe {
    let rule = Rule {
        sight: Sight::Silent,
        severity: Severity::Low,
        certainty: Certainty::Likely,
        found: "a frame that announces 1 GiB is waited for".to_owned(),
        why: "There is no limit below that, or it is looked at only when the bytes come: one client may make the \
              server hold as much as it sends (RFC 6455 §10.4). A server that passes bytes on as they come may mean it",
        advice: "Bound frames and messages by what your application needs, and close with 1009 at the header",
    };
    probe(
        "frames/announced-1g",
        "the header of a frame of 1 GiB, without its payload",
        || vec![Frame::new(opcode::BINARY, "").length(Length::Claimed(1 << 30))],
        After::Wait,
        vec![rule],
    )
}

fn fragments() -> Probe {
    let rule = Rule {
        sight: Sight::Accepted,
        severity: Severity::Low,
        certainty: Certainty::Certain,
        found: format!("a message may come in more than {FRAGMENTS} frames"),
        why: "Empty frames cost the sender six bytes, and pass by a limit of the message's bytes: if the server keeps \
              something for each, it grows without a bound, and if it does not, it still works for nothing",
        advice: "Bound the frames of a message, some thousands at most, and close with 1008 or 1009",
    };
    probe(
        "frames/8192-fragments",
        "a message that begins in 8,192 empty frames and has no end",
        || {
            let first = Frame::new(opcode::BINARY, "").unfinished();
            let more = Frame::new(opcode::CONTINUATION, "").unfinished();
            std::iter::once(first).chain(std::iter::repeat_n(more, FRAGMENTS)).collect()
        },
        After::Ping,
        vec![rule],
    )
}
