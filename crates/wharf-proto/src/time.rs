//! Time as a number.

use core::{
    ops::{Add, Sub},
    time::Duration,
};

/// A moment: nanoseconds since an epoch that the driver chose, for example its own start.
///
/// The core reads no clock. All it asks is that the numbers of one connection do not run backwards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Now(u64);

impl Now {
    /// The moment `since_epoch` after the epoch; more than 584 years saturate.
    #[expect(clippy::cast_possible_truncation, reason = "min() has made it fit")]
    pub const fn new(since_epoch: Duration) -> Self {
        let nanos = since_epoch.as_nanos();
        Self(if nanos > u64::MAX as u128 { u64::MAX } else { nanos as u64 })
    }

    /// Time since the epoch.
    pub const fn since_epoch(self) -> Duration {
        Duration::from_nanos(self.0)
    }
}

impl Add<Duration> for Now {
    type Output = Self;

    fn add(self, later: Duration) -> Self {
        Self(self.0.saturating_add(Self::new(later).0))
    }
}

impl Sub for Now {
    type Output = Duration;

    /// How long after `earlier`; zero if it was not earlier.
    fn sub(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}
