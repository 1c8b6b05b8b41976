//! What happens on an open connection.

use super::expect::Expect;
use crate::wire::{frame::Frame, payload::Payload};
use std::time::Duration;

/// A step of a script.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// The tester writes.
    Send(Vec<Chunk>, Delivery),
    /// The tester waits for this.
    Expect(Expect, Patience),
    /// The tester ends its side of the stream: TCP's FIN, TLS's close_notify.
    HalfClose,
}

/// Bytes to be written.
#[derive(Debug, Clone)]
pub(crate) enum Chunk {
    /// A frame; masked as the tester's role demands unless it says otherwise.
    Frame(Frame),
    /// The same frame so many times.
    Many(Frame, usize),
    /// A message in so many frames, compressed if that was agreed and is asked for.
    Message(Message),
    /// The header of a frame and so many bytes of its payload; the rest never comes.
    Begun(Frame, usize),
    /// Bytes as they are.
    Bytes(Vec<u8>),
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) kind: Kind,
    pub(crate) payload: Payload,
    pub(crate) packing: Packing,
    pub(crate) split: Split,
}

/// The type of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Binary,
}

impl Kind {
    pub(crate) const fn opcode(self) -> u8 {
        match self {
            Self::Text => 1,
            Self::Binary => 2,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Binary => "binary",
        }
    }
}

/// Whether a message is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// It is not, whatever was agreed.
    Plain,
    /// It is, with the tester's context as it was agreed.
    Deflated,
}

/// How a message is cut into frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Split {
    /// Not at all.
    Whole,
    /// Into frames with at most so many bytes.
    Every(usize),
}

/// How bytes are handed to TCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// In one write.
    Whole,
    /// In writes of so many bytes.
    Every(usize),
    /// In writes of so many bytes, so far apart.
    Slowly(usize, Duration),
}

/// How long something is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// The bound that follows from the target's round trip.
    Usual,
    /// Longer, for a reason.
    AtLeast(Duration, &'static str),
}
