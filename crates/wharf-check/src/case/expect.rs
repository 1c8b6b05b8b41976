//! What may come back.

use super::message::Kind;
use crate::wire::payload::Payload;
use std::{fmt, time::Duration};

/// What the tester waits for. Pings of the target are answered and skipped meanwhile; so are Pongs, unless one
/// of them is the answer to a Pong.
#[derive(Debug, Clone)]
pub(crate) enum Expect {
    /// This message, whole, in any number of frames.
    Message(Kind, Payload),
    /// A Pong with this payload. A Pong for an earlier Ping may come first.
    Pong(Payload),
    /// A Close frame with one of these codes.
    Close(Codes),
    /// The target fails the connection: a Close frame with one of these codes, or the end of the stream.
    Refusal(Codes),
    /// The same, but a silent target is not asked whether it is alive: what it would be asked with could be taken
    /// for the rest of what it has.
    PromptRefusal(Codes),
    /// Nothing happens for this long.
    Quiet(Duration),
    /// The target ends the stream although the tester does not.
    Leaves(Manner),
    /// The end of the stream, and nothing before it. A tester that is the server ends its own side first, as
    /// RFC 6455 §7.1.1 has it.
    End(Manner),
    /// The end of the stream, though the tester answers nothing and does not end its side.
    GivenUp,
    /// The first of these that matches.
    OneOf(Vec<Self>),
    /// All of these, in any order.
    All(Vec<Self>),
}

/// How a stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// By FIN or RST.
    Any,
    /// By FIN: a RST may have eaten what came before it.
    Fin,
}

/// Codes of a Close frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Codes {
    /// Any, or none.
    Any,
    /// One of these.
    Of(Vec<u16>),
    /// One of these, or an empty body.
    OrEmpty(Vec<u16>),
}

impl Codes {
    /// Whether a frame with this code, or none, is among them.
    pub(crate) fn include(&self, code: Option<u16>) -> bool {
        match (self, code) {
            (Self::Any, _) | (Self::OrEmpty(_), None) => true,
            (Self::Of(codes) | Self::OrEmpty(codes), Some(code)) => codes.contains(&code),
            (Self::Of(_), None) => false,
        }
    }
}

impl fmt::Display for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list =
            |codes: &[u16]| codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        match self {
            Self::Any => f.write_str("any code"),
            Self::Of(codes) => f.write_str(&list(codes)),
            Self::OrEmpty(codes) => write!(f, "{} or no code", list(codes)),
        }
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(kind, payload) => {
                write!(f, "the {} message of {} bytes", kind.name(), payload.len())
            }
            Self::Pong(payload) => write!(f, "a Pong with the Ping's {} bytes", payload.len()),
            Self::Close(codes) => write!(f, "a Close with {codes}"),
            Self::Refusal(codes) | Self::PromptRefusal(codes) => {
                write!(f, "a Close with {codes}, or the end")
            }
            Self::Quiet(time) => write!(f, "nothing for {time:?}"),
            Self::Leaves(_) => f.write_str("the end of the stream by the target alone"),
            Self::End(Manner::Any) => f.write_str("the end of the stream"),
            Self::End(Manner::Fin) => f.write_str("the end of the stream without a reset"),
            Self::GivenUp => f.write_str("the end of the stream by the target alone"),
            Self::OneOf(all) => f.write_str(&joined(all, ", or ")),
            Self::All(all) => f.write_str(&joined(all, ", and ")),
        }
    }
}

fn joined(all: &[Expect], between: &str) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}
