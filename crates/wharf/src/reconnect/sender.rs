//! Sending, whether there is a connection or not.

use super::{refused::NotQueued, shared::Shared};
use std::sync::Arc;
use wharf_proto::Outgoing;

/// Sends over the connections of a [`Reconnecting`](crate::Reconnecting), from any task: cheap to clone.
///
/// What it accepts is numbered, from 0. It is sent once, in order, over one connection, or a
/// [`Gap`](crate::Gap) tells its number; never twice.
#[derive(Debug, Clone)]
pub struct ReconnectingSender(Arc<Shared>);

impl ReconnectingSender {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    /// Accepts a message, and gives its number; waits while the queue is full.
    ///
    /// # Errors
    /// There will be no connection any more, there is none and messages do not wait for one
    /// ([`Unsent::Drop`](crate::Unsent::Drop)), or the message is longer than the whole queue.
    ///
    /// # Cancel safety
    /// If the future is dropped before it is ready nothing was accepted.
    pub async fn send<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<u64, NotQueued> {
        self.0.push(message.into().into_owned()).await
    }

    /// Accepts a message if there is room for it, and gives its number.
    ///
    /// # Errors
    /// As [`send`](Self::send), and when the queue is full.
    pub fn try_send<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<u64, NotQueued> {
        self.0.try_push(message.into().into_owned())
    }

    /// Bytes that the queue has room for; each message takes 64 beside its own.
    pub fn room(&self) -> usize {
        self.0.room()
    }

    /// Whether there is a connection, as far as is known.
    pub fn is_up(&self) -> bool {
        self.0.is_up()
    }
}
