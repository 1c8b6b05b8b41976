//! The answer to a Ping.

use super::shared::{Shared, send_error};
use crate::error::{Error, SendError};
use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};
use wharf_proto::{Fault, PingId, Silence};

/// A Ping on its way.
pub struct Ping {
    shared: Arc<Shared>,
    id: PingId,
}

impl Ping {
    /// Sends it, ahead of data.
    pub(crate) fn send(shared: &Arc<Shared>) -> Result<Self, SendError> {
        let mut state = shared.lock();
        let Some(id) = state.outbound.ping(shared.clock.now()) else {
            return Err(send_error(&state));
        };
        shared.settle(state)?;
        Ok(Self { shared: Arc::clone(shared), id })
    }

    /// The round-trip time, if the answer is there.
    pub fn round_trip(&self) -> Option<Duration> {
        self.shared.lock().outbound.round_trip(self.id)
    }

    /// Waits for the answer, while another thread reads.
    ///
    /// # Errors
    /// [`Error::is_closed`] if the connection is closing or closed; [`Error::is_timeout`] if no answer came in time. The
    /// connection goes on then, unless the one who reads finds the peer silent.
    pub fn wait(&self, within: Duration) -> Result<Duration, Error> {
        let start = Instant::now();
        let mut state = self.shared.lock();
        loop {
            if let Some(round_trip) = state.outbound.round_trip(self.id) {
                return Ok(round_trip);
            }
            if !state.outbound.is_open() {
                return Err(Error::closed());
            }
            let left = within.checked_sub(start.elapsed()).filter(|left| !left.is_zero());
            let left = left.ok_or_else(|| Error::from(Fault::Silence(Silence::NoPong)))?;
            state = self.shared.wait(state, left);
        }
    }
}

impl fmt::Debug for Ping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ping").field("id", &self.id).finish_non_exhaustive()
    }
}
