//! How a server ends.

use super::{registry::Registry, summary::ShutdownSummary};
use std::time::Duration;
use tokio::{sync::watch, time::timeout};

/// Ends a [`Server`](crate::Server) from anywhere; cheap to clone.
///
/// The end has four steps: the server stops accepting and closes its listener; handshakes under way are
/// dropped; every open WebSocket starts its closing handshake with 1001 (RFC 6455 §7.4.1); handlers that
/// have not ended within the limit of [`Server::with_drain`](crate::Server::with_drain) are aborted.
#[derive(Debug, Clone)]
pub struct ShutdownHandle(watch::Sender<Phase>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Serving,
    Leaving,
}

impl ShutdownHandle {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(Phase::Serving))
    }

    /// Starts the shutdown and returns at once; again does nothing. The summary comes from the future that
    /// serves.
    pub fn shut_down(&self) {
        self.0.send_replace(Phase::Leaving);
    }

    /// Waits until somebody starts the shutdown.
    ///
    /// Cancel safety: yes, it keeps nothing.
    pub async fn started(&self) {
        // It cannot fail: `self` holds the sending side.
        let _ = self.0.subscribe().wait_for(|phase| *phase == Phase::Leaving).await;
    }
}

/// Says good-bye to everybody, waits, and cuts who is still there.
pub(super) async fn drain(registry: &Registry, within: Duration) -> ShutdownSummary {
    registry.leave();
    // Whoever is still there at the limit is cut.
    let _ = timeout(within, registry.emptied()).await;
    let summary = registry.cut();
    tracing::info!(summary.closed, summary.cut, "the server has shut down");
    summary
}
