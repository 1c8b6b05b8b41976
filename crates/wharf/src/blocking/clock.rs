//! Time as the core wants it, from the system's clock.

use std::time::{Duration, Instant};
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
}

/// When a handshake must be over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Until {
    start: Instant,
    limit: Option<Duration>,
}

/// Longer than anybody waits for a handshake.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Until {
    /// So long from now; `None`: never.
    pub(crate) fn within(limit: impl Into<Option<Duration>>) -> Self {
        Self { start: Instant::now(), limit: limit.into() }
    }

    /// The time that is left; `None`: it is over.
    pub(crate) fn left(self) -> Option<Duration> {
        match self.limit {
            None => Some(DAY),
            Some(limit) => limit.checked_sub(self.start.elapsed()).filter(|left| !left.is_zero()),
        }
    }

    /// All the time there was.
    pub(crate) fn limit(self) -> Duration {
        self.limit.unwrap_or(DAY)
    }
}
