//! How many handshakes are under way at once.

use crate::observe::meters;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Handed out in the order of asking; clones share them.
#[derive(Clone)]
pub(super) struct Slots(Arc<Semaphore>);

/// The right to be in a handshake; ends when dropped.
pub(super) struct Slot {
    _permit: OwnedSemaphorePermit,
}

impl Slots {
    /// At least one: with none nobody would ever be served.
    pub(super) fn new(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS))))
    }

    pub(super) async fn take(&self) -> Slot {
        if self.free() == 0 {
            meters::handshake_waits();
        }
        let permit = Arc::clone(&self.0).acquire_owned().await;
        Slot { _permit: permit.expect("nobody closes this semaphore") }
    }

    pub(super) fn free(&self) -> usize {
        self.0.available_permits()
    }
}
