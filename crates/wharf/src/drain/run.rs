//! A drain that has begun.

use super::{
    hall::Hall,
    progress::{DrainPhase, DrainProgress, DrainSummary},
};
use std::{fmt, sync::Arc};

/// A drain that has begun; cheap to clone. Dropping it changes nothing.
#[derive(Clone)]
#[must_use]
pub struct DrainRun {
    hall: Arc<Hall>,
}

impl DrainRun {
    pub(super) const fn new(hall: Arc<Hall>) -> Self {
        Self { hall }
    }

    /// How far it is.
    pub fn progress(&self) -> DrainProgress {
        self.hall.progress()
    }

    /// Waits until nobody is here any more.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn finished(&self) -> DrainSummary {
        self.hall.run().await
    }

    /// Calls `tell` with the progress now and whenever it has changed, until the drain is over; several
    /// changes at once are told once.
    ///
    /// # Cancel safety
    /// Dropping the future stops the telling, and nothing else.
    pub async fn watch(&self, mut tell: impl FnMut(DrainProgress)) -> DrainSummary {
        let mut progress = self.hall.subscribe();
        let telling = async {
            loop {
                let now = *progress.borrow_and_update();
                tell(now);
                // It cannot fail: `self` holds the sending side.
                if now.phase == DrainPhase::Over || progress.changed().await.is_err() {
                    return now.summary;
                }
            }
        };
        // Both end together; the driver first.
        tokio::join!(self.hall.run(), telling).0
    }

    /// Does what is due now.
    pub(crate) fn look_at_time(&self) {
        self.hall.look_at_time();
    }

    /// Cuts everybody who is still here, now.
    pub fn cut(&self) {
        self.hall.hurry();
    }
}

impl fmt::Debug for DrainRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DrainRun").field("progress", &self.progress()).finish()
    }
}
