//! What a server did when a probe asked.

use crate::run::event::code;
use std::{fmt, time::Duration};

/// What a server did, and after how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) how: How,
    pub(crate) after: Duration,
}

/// What a server did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum How {
    /// It answered with 101.
    Upgraded,
    /// It answered with something else: the first line, and what it says of versions.
    Refused { line: String, versions: Option<String> },
    /// It sent a Close with this body.
    Closed(Vec<u8>),
    /// It ended the stream without a word.
    Ended,
    /// It sent so many Pongs that all before was taken.
    Answered(usize),
    /// It answered the hello of an old TLS with its own.
    Greeted,
    /// It answered the hello of an old TLS with an alert, or with something else.
    Turned(Option<u8>),
    /// It sent a Ping by itself.
    Pinged,
    /// It sent more than anybody reads here.
    Talked,
    /// It did nothing.
    Silent,
    /// It could not be asked, for this reason.
    Unasked(String),
}

/// The kind of what a server did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    Upgraded,
    Ended,
    /// All that was sent was taken.
    Accepted,
    Silent,
}

impl Seen {
    /// Such as no rule has to know of.
    pub(crate) fn unasked(why: impl Into<String>) -> Self {
        Self { how: How::Unasked(why.into()), after: Duration::ZERO }
    }

    /// The kind of it, if a rule can be about it.
    pub(crate) const fn sight(&self) -> Option<Sight> {
        match self.how {
            How::Upgraded => Some(Sight::Upgraded),
            How::Ended => Some(Sight::Ended),
            How::Answered(_) | How::Talked | How::Greeted => Some(Sight::Accepted),
            How::Silent => Some(Sight::Silent),
            How::Refused { .. }
            | How::Closed(_)
            | How::Turned(_)
            | How::Pinged
            | How::Unasked(_) => None,
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = self.after.as_secs_f64();
        match &self.how {
            How::Upgraded => write!(f, "the answer was 101 after {after:.1} s"),
            How::Refused { line, versions } => {
                write!(f, "refused with {line:?}")?;
                let Some(versions) = versions else { return Ok(()) };
                write!(f, ", Sec-WebSocket-Version: {versions:?}")
            }
            How::Closed(body) => write!(f, "{} after {after:.1} s", close(body)),
            How::Ended => write!(f, "the stream ended after {after:.1} s, without a word"),
            How::Answered(1) => write!(f, "it was taken, and a Ping behind it answered"),
            How::Answered(count) => write!(f, "{count} Pongs came within {after:.1} s"),
            How::Greeted => write!(f, "it answered with its own hello"),
            How::Turned(Some(number)) => write!(f, "it answered with the alert {number}"),
            How::Turned(None) => write!(f, "it answered with no hello of this version"),
            How::Pinged => write!(f, "a Ping came after {after:.1} s"),
            How::Talked => write!(f, "it was taken, and much came back"),
            How::Silent => write!(f, "nothing came within {after:.1} s"),
            How::Unasked(why) => write!(f, "not asked: {why}"),
        }
    }
}

fn close(body: &[u8]) -> String {
    match code(body) {
        Some(code) if body.len() > 2 => {
            format!("a Close with {code} {:?}", String::from_utf8_lossy(&body[2..]))
        }
        Some(code) => format!("a Close with {code}"),
        None => "a Close without a code".to_owned(),
    }
}
