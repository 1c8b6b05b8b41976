//! Why something was not sent.

use crate::message::outgoing::Outgoing;
use core::fmt;

/// A message that was not accepted; it comes back as it was.
#[derive(Debug, Clone)]
pub struct NotSent<'a> {
    /// Why.
    pub reason: WhyNot,
    /// The message.
    pub message: Outgoing<'a>,
}

/// Why a message, or a fragment of one, was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhyNot {
    /// Another message is being written in fragments (RFC 6455 §5.4). Try again when it is finished.
    Busy,
    /// A Close was sent or received (RFC 6455 §6.1). No later message will be accepted.
    Closed,
    /// [`Limits::outbox`](crate::Limits::outbox) bytes wait. Try again when some were written.
    Full,
    /// A fragment, and no message was begun. Begin one.
    NotBegun,
    /// A fragment of a text that does not go on, or does not end, as UTF-8 (RFC 6455 §5.6). Nothing of it was
    /// sent; another fragment may follow.
    NotUtf8,
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => "another message is being written in fragments",
            Self::Closed => "the connection is closing or closed",
            Self::Full => "the outbox is full (limits.outbox)",
            Self::NotBegun => "a fragment of a message that was not begun",
            Self::NotUtf8 => "a fragment of a text that is not UTF-8 (RFC 6455 §5.6)",
        })
    }
}

impl fmt::Display for NotSent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "message not sent: {}", self.reason)
    }
}

impl core::error::Error for WhyNot {}

impl core::error::Error for NotSent<'_> {}
