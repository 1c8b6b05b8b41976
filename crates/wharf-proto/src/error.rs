//! What goes wrong on an open connection, by blame.

use crate::close::CloseCode;
use core::fmt;

/// The peer did something that ends the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProtocolError {
    /// The peer broke a rule of the protocol.
    Misdeed(Misdeed),
    /// A text message or a close reason is not UTF-8 (RFC 6455 §8.1).
    NotUtf8,
    /// A compressed message does not inflate (RFC 7692 §7.2.2).
    NotDeflate,
    /// More than one of our limits allows.
    TooBig(Limit),
}

/// A rule of the protocol that the peer broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misdeed {
    /// A Close frame with a payload of one byte.
    CloseOneByte,
    /// A Close frame with a code that may not stand there.
    CloseCode(u16),
    /// RSV1 on a frame that is not the first of a data message.
    CompressedContinuation,
    /// A continuation frame, and no message under way.
    ContinuationWithoutStart,
    /// A control frame without FIN.
    ControlFragmented,
    /// A control frame that declares more than 125 bytes.
    ControlTooLong,
    /// A 64-bit length with its top bit set.
    LengthTopBit,
    /// A length that was not written in its shortest form.
    LengthNotMinimal,
    /// A masked frame to a client.
    Masked,
    /// An opcode that means nothing.
    Opcode(u8),
    /// A reserved bit, and no extension that gives it a meaning: the bits RSV1–RSV3 as a number.
    ReservedBits(u8),
    /// A new data message before the one under way was finished.
    StartInsideMessage,
    /// An unmasked frame to a server.
    Unmasked,
}

/// A limit of [`Limits`](crate::Limits) that the peer passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// [`control_burst`](crate::Limits::control_burst).
    ControlBurst(u32),
    /// [`bytes`](crate::Rate::bytes) of a rate, in a second.
    ByteRate(u64),
    /// [`fragments`](crate::Limits::fragments).
    Fragments(u32),
    /// [`frame`](crate::Limits::frame), in bytes.
    Frame(usize),
    /// [`inflate_ratio`](crate::Limits::inflate_ratio).
    InflateRatio(u32),
    /// [`message`](crate::Limits::message), in bytes.
    Message(usize),
    /// [`messages`](crate::Rate::messages) of a rate, in a second.
    MessageRate(u32),
}

impl ProtocolError {
    /// What to tell the peer (RFC 6455 §7.4.1). No wildcard arm: a new error must choose its code.
    pub const fn close_code(&self) -> CloseCode {
        match self {
            Self::Misdeed(_) => CloseCode::PROTOCOL_ERROR,
            Self::NotUtf8 | Self::NotDeflate => CloseCode::INVALID_PAYLOAD,
            Self::TooBig(limit) => limit.close_code(),
        }
    }
}

impl Limit {
    const fn close_code(self) -> CloseCode {
        match self {
            Self::ByteRate(_)
            | Self::ControlBurst(_)
            | Self::Fragments(_)
            | Self::MessageRate(_) => CloseCode::POLICY_VIOLATION,
            Self::Frame(_) | Self::InflateRatio(_) | Self::Message(_) => CloseCode::MESSAGE_TOO_BIG,
        }
    }
}

impl From<Misdeed> for ProtocolError {
    fn from(misdeed: Misdeed) -> Self {
        Self::Misdeed(misdeed)
    }
}

impl From<Limit> for ProtocolError {
    fn from(limit: Limit) -> Self {
        Self::TooBig(limit)
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misdeed(misdeed) => write!(f, "peer {misdeed}"),
            Self::NotUtf8 => f.write_str("peer sent text that is not UTF-8 (RFC 6455 §8.1)"),
            Self::NotDeflate => f.write_str(
                "peer sent a compressed message that does not inflate (RFC 7692 §7.2.2)",
            ),
            Self::TooBig(limit) => write!(f, "peer passed our limit: {limit}"),
        }
    }
}

impl core::error::Error for ProtocolError {}

impl fmt::Display for Misdeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = match self {
            Self::CloseOneByte => "sent a Close frame of one byte (RFC 6455 §5.5.1)",
            Self::CloseCode(code) => {
                return write!(
                    f,
                    "sent close code {code}, which no frame may carry (RFC 6455 §7.4)"
                );
            }
            Self::CompressedContinuation => {
                "set RSV1 on a frame that does not start a message (RFC 7692 §6)"
            }
            Self::ContinuationWithoutStart => {
                "continued a message that was never started (RFC 6455 §5.4)"
            }
            Self::ControlFragmented => "fragmented a control frame (RFC 6455 §5.5)",
            Self::ControlTooLong => "sent a control frame of more than 125 bytes (RFC 6455 §5.5)",
            Self::LengthTopBit => "sent a frame length with its top bit set (RFC 6455 §5.2)",
            Self::LengthNotMinimal => {
                "sent a frame length that is not in its shortest form (RFC 6455 §5.2)"
            }
            Self::Masked => "sent a masked frame to a client (RFC 6455 §5.1)",
            Self::Opcode(code) => {
                return write!(f, "sent the reserved opcode {code:#x} (RFC 6455 §5.2)");
            }
            Self::ReservedBits(bits) => {
                return write!(
                    f,
                    "set reserved bits {bits:#05b} that no extension defines (RFC 6455 §5.2)"
                );
            }
            Self::StartInsideMessage => "started a message inside another (RFC 6455 §5.4)",
            Self::Unmasked => "sent an unmasked frame to a server (RFC 6455 §5.1)",
        };
        f.write_str(rule)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ControlBurst(limit) => {
                write!(f, "{limit} control frames in a second without data (limits.control_burst)")
            }
            Self::ByteRate(limit) => write!(f, "{limit} bytes in a second (limits.rate.bytes)"),
            Self::MessageRate(limit) => {
                write!(f, "{limit} messages in a second (limits.rate.messages)")
            }
            Self::Fragments(limit) => write!(f, "{limit} frames in a message (limits.fragments)"),
            Self::Frame(limit) => write!(f, "{limit} bytes in a frame (limits.frame)"),
            Self::InflateRatio(limit) => {
                write!(f, "inflation {limit} times over (limits.inflate_ratio)")
            }
            Self::Message(limit) => write!(f, "{limit} bytes in a message (limits.message)"),
        }
    }
}

/// The peer fell silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Silence {
    /// Nothing came for [`idle`](crate::Timeouts::idle).
    Idle,
    /// Nothing came for [`pong_within`](crate::Timeouts::pong_within) after a Ping.
    NoPong,
    /// The transport took no byte for [`write_stall`](crate::Timeouts::write_stall).
    WriteStall,
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idle => "nothing received within timeouts.idle",
            Self::NoPong => "nothing received within timeouts.pong_within after a Ping",
            Self::WriteStall => "the transport took no byte within timeouts.write_stall",
        })
    }
}

/// What a control frame cannot carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlTooLong(pub usize);

impl fmt::Display for ControlTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a control frame of {} bytes; at most 125 fit (RFC 6455 §5.5)", self.0)
    }
}

impl core::error::Error for ControlTooLong {}
