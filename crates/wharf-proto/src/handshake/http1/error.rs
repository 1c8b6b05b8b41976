//! Why a head could not be read.

use core::fmt;

/// A head of HTTP/1.1 that is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeadError {
    /// It breaks the grammar of HTTP/1.1.
    Malformed(Malformed),
    /// It is in a version of HTTP that is not 1.0 or 1.1.
    Version,
    /// It passes one of our limits.
    TooBig(HeadLimit),
    /// The peer ended the connection within it, after this many bytes.
    Ended(usize),
}

/// How a head breaks the grammar of HTTP/1.1 (RFC 9112).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Malformed {
    /// The first line is no request line, or no status line.
    StartLine,
    /// A line feed without a carriage return before it.
    BareLineFeed,
    /// A carriage return without a line feed after it.
    BareCarriageReturn,
    /// A NUL or another control character.
    ControlByte(u8),
    /// A header line that starts with a space: the obsolete way to continue a line.
    Folded,
    /// A header line that is not a token, a colon at once, and a value.
    Field,
    /// A request target that is no path and no URI.
    Target,
}

/// A limit of [`HandshakeLimits`](crate::HandshakeLimits) that the peer passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeadLimit {
    /// [`line`](crate::HandshakeLimits::line), in the first line.
    StartLine(usize),
    /// [`line`](crate::HandshakeLimits::line), in a header line.
    Line(usize),
    /// [`headers`](crate::HandshakeLimits::headers).
    Headers(usize),
    /// [`head`](crate::HandshakeLimits::head).
    Head(usize),
}

impl From<Malformed> for HeadError {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl From<HeadLimit> for HeadError {
    fn from(limit: HeadLimit) -> Self {
        Self::TooBig(limit)
    }
}

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(malformed) => write!(f, "peer {malformed}"),
            Self::Version => {
                f.write_str("peer speaks a version of HTTP that is not 1.1 (RFC 6455 §4.1)")
            }
            Self::TooBig(limit) => write!(f, "peer passed our limit: {limit}"),
            Self::Ended(bytes) => write!(
                f,
                "peer ended the connection {bytes} bytes into the head of the handshake (RFC 9112 §8)"
            ),
        }
    }
}

impl core::error::Error for HeadError {}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StartLine => "sent a first line that is not HTTP/1.1 (RFC 9112 §3, §4)",
            Self::BareLineFeed => "ended a line without a carriage return (RFC 9112 §2.2)",
            Self::BareCarriageReturn => {
                "sent a carriage return that does not end a line (RFC 9112 §2.2)"
            }
            Self::ControlByte(byte) => {
                return write!(
                    f,
                    "sent the control character {byte:#04x} in a head (RFC 9110 §5.5)"
                );
            }
            Self::Folded => "folded a header over two lines (RFC 9112 §5.2)",
            Self::Field => "sent a header line that is not \"name: value\" (RFC 9112 §5)",
            Self::Target => "asked for something that is no path and no URI (RFC 9112 §3.2)",
        })
    }
}

impl fmt::Display for HeadLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StartLine(limit) => write!(f, "{limit} bytes in the first line (limits.line)"),
            Self::Line(limit) => write!(f, "{limit} bytes in a header line (limits.line)"),
            Self::Headers(limit) => write!(f, "{limit} header lines (limits.headers)"),
            Self::Head(limit) => write!(f, "{limit} bytes in a head (limits.head)"),
        }
    }
}
