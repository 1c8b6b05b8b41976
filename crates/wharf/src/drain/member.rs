//! What a drain does to a socket.

use std::{sync::Arc, time::Duration};
use wharf_proto::CloseReason;

/// A socket, as far as it concerns those who end it from outside.
pub(crate) trait Member: Send + Sync {
    /// Begins the closing handshake, if it has not begun; whoever drives the socket sees it through.
    fn close(self: Arc<Self>, reason: &CloseReason);

    /// Ends the connection now.
    fn cut(&self);

    /// Whether the connection has ended.
    fn has_ended(&self) -> bool;

    /// How long the closing handshake may take.
    fn close_within(&self) -> Duration;
}

/// Holds a place for a socket that is not open yet.
pub(crate) struct Nobody;

impl Member for Nobody {
    fn close(self: Arc<Self>, _reason: &CloseReason) {}

    fn cut(&self) {}

    fn has_ended(&self) -> bool {
        false
    }

    fn close_within(&self) -> Duration {
        Duration::ZERO
    }
}
