//! How a server ends.

use super::{registry::Registry, summary::ShutdownSummary};
use crate::drain::{
    handle::Drain,
    plan::{DrainPlan, Listening},
};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

/// Ends a [`Server`](crate::Server) from anywhere; cheap to clone.
///
/// The end has four steps: the server stops accepting and closes its listener; handshakes under way are
/// dropped; every open WebSocket starts its closing handshake with 1001 (RFC 6455 §7.4.1), in random order
/// and at a bounded rate; handlers that have not ended within the limit of
/// [`Server::with_drain`](crate::Server::with_drain) are aborted. A [`DrainPlan`](crate::DrainPlan) changes each
/// of them.
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
pub(super) async fn drain(
    registry: &Registry,
    sockets: &Drain,
    plan: DrainPlan,
) -> ShutdownSummary {
    let listening = plan.listening;
    let now = Instant::now();
    let limit = plan.deadline(now);
    registry.leave(limit);
    let run = sockets.begin(plan, now);
    let ended = async {
        match listening {
            Listening::Over => registry.emptied().await,
            Listening::GoesOn => registry.served().await,
        }
    };
    tokio::select! {
        () = ended => {}
        // Whoever has no socket any more may still have something to do.
        never = sockets.help() => match never {},
        // Whoever is still there is cut: the socket first, then its handler.
        () = sleep_until(limit) => run.look_at_time(),
    }
    let summary = registry.cut();
    tracing::info!(summary.closed, summary.cut, "the server has shut down");
    summary
}
