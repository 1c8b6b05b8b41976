//! The answer to a Ping.

use super::shared::Shared;
use crate::error::Error;
use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use wharf_proto::PingId;

/// A Ping on its way: a future of its round-trip time.
///
/// # Errors
/// The connection is closing or closed, and no answer came before ([`Error::is_closed`]).
///
/// # Cancel safety
/// Dropping it changes nothing; the Pong is still taken as a sign of life.
#[must_use = "the Ping is sent; this is its answer"]
pub struct Ping {
    shared: Arc<Shared>,
    id: Option<PingId>,
}

impl Ping {
    /// Sends it, ahead of data.
    pub(crate) fn send(shared: &Arc<Shared>) -> Self {
        let mut state = shared.lock();
        let now = state.clock.now();
        let id = state.outbound.ping(now);
        shared.flush(&mut state);
        // Its answer is awaited for less long than the next Ping was.
        state.tell_deadline();
        drop(state);
        Self { shared: Arc::clone(shared), id }
    }
}

impl Future for Ping {
    type Output = Result<Duration, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.shared.lock();
        let Some(id) = self.id else { return Poll::Ready(Err(Error::closed())) };
        if let Some(round_trip) = state.outbound.round_trip(id) {
            return Poll::Ready(Ok(round_trip));
        }
        if !state.outbound.is_open() {
            return Poll::Ready(Err(Error::closed()));
        }
        state.waiters.register_ping(cx.waker());
        Poll::Pending
    }
}

impl fmt::Debug for Ping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ping").field("id", &self.id).finish_non_exhaustive()
    }
}
