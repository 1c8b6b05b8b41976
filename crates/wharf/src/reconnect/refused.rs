//! Why a message was not accepted.

use std::fmt;

/// A message was not accepted; nothing of it will be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotQueued {
    /// There is no connection, and messages do not wait for one ([`Unsent::Drop`](crate::Unsent::Drop)).
    Down,
    /// The queue is full ([`queue_limit`](crate::ReconnectingBuilder::queue_limit)).
    Full,
    /// There will be no connection any more: it was closed, given up or dropped.
    Over,
    /// The message does not fit into a queue of this size, not even alone.
    TooLong(u32),
}

impl fmt::Display for NotQueued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Down => {
                f.write_str("not accepted: there is no connection, and Unsent::Drop is set")
            }
            Self::Full => f.write_str("not accepted: the queue is full (queue_limit)"),
            Self::Over => f.write_str("not accepted: there will be no connection any more"),
            Self::TooLong(limit) => write!(
                f,
                "not accepted: longer than the whole queue of {limit} bytes; raise queue_limit, or write it \
                 in parts"
            ),
        }
    }
}

impl std::error::Error for NotQueued {}
