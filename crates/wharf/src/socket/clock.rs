//! Time as the core wants it.

use std::time::Duration;
use tokio::time::Instant;
use wharf_proto::Now;

/// The clock of one connection: its epoch is its opening.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn now(self) -> Now {
        Now::new(self.0.elapsed())
    }

    /// The runtime's name of a moment.
    pub(crate) fn instant(self, moment: Now) -> Instant {
        let day = Duration::from_secs(24 * 60 * 60);
        self.0.checked_add(moment.since_epoch()).unwrap_or_else(|| Instant::now() + day)
    }
}
