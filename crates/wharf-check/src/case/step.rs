//! What happens on an open connection.

use super::{
    expect::{Codes, Expect},
    message::Message,
};
use crate::wire::frame::Frame;
use std::time::Duration;

/// A step of a script.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// The tester writes.
    Send(Vec<Chunk>, Delivery),
    /// The tester waits for this.
    Expect(Expect, Patience),
    /// The tester waits for this, too, but no RFC demands it: without it the script goes on, and the case ends in a
    /// verdict of the level practice.
    Hope(Expect),
    /// The target fails the connection now, with one of these codes, and the case is passed. If it waits, which no RFC
    /// forbids, the script goes on, and what it ends in is of the level practice at best.
    Early(Codes),
    /// The tester writes this frame so many times, and reads nothing until all was taken or no more is. Whoever takes
    /// all and then sends it all back has held it meanwhile.
    Unread(Frame, usize),
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
    /// The header of a frame and so many bytes of its payload.
    Begun(Frame, usize),
    /// What is missing of the frame that was begun.
    Rest,
    /// Bytes as they are.
    Bytes(Vec<u8>),
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
