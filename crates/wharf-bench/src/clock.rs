//! The time of a run.

use std::time::{Duration, Instant};
use wharf_proto::Now;

/// Reads the time since the run began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn now(self) -> Now {
        Now::new(self.0.elapsed())
    }
}

/// A moment as a number.
pub(crate) fn nanos(now: Now) -> u64 {
    u64::try_from(now.since_epoch().as_nanos()).unwrap_or(u64::MAX)
}

/// The moment of a number.
pub(crate) const fn at(nanos: u64) -> Now {
    Now::new(Duration::from_nanos(nanos))
}
