//! How long anything is waited for.

use std::time::Duration;

/// Bounds that follow from how fast the target is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    round_trip: Duration,
    stretch: u32,
    patience: Option<Duration>,
}

/// What a fast target may take for one answer: it may share its processor with whatever else runs.
const BASE: Duration = Duration::from_secs(2);
/// What a bad network may do to a round trip.
const ROUND_TRIPS: u32 = 20;
/// When a target that said nothing is asked whether it is alive. Nothing is decided by it.
const SETTLE: Duration = Duration::from_millis(150);
/// How much longer the second attempt waits.
const LONGER: u32 = 4;
/// What any target must read or write in a second.
const BYTES_PER_SECOND: u64 = 4 << 20;

impl Pace {
    /// For a target with this round trip.
    pub(crate) const fn new(round_trip: Duration) -> Self {
        Self { round_trip, stretch: 1, patience: None }
    }

    /// For a user who does not wait longer than this for anything.
    pub(crate) const fn with_patience(self, patience: Option<Duration>) -> Self {
        Self { patience, ..self }
    }

    /// `wanted`, or what the user has patience for.
    pub(crate) fn at_most(&self, wanted: Duration) -> Duration {
        self.patience.map_or(wanted, |patience| patience.min(wanted))
    }

    /// For the second attempt, after the first found nothing but silence.
    pub(crate) const fn longer(self) -> Self {
        Self { stretch: LONGER, ..self }
    }

    /// What an answer may take.
    pub(crate) fn bound(&self) -> Duration {
        (BASE + self.round_trip * ROUND_TRIPS) * self.stretch
    }

    /// What an answer may take that `bytes` have to be moved for.
    pub(crate) fn bound_for(&self, bytes: usize) -> Duration {
        let seconds = (bytes as u64).div_ceil(BYTES_PER_SECOND);
        self.bound() + Duration::from_secs(seconds) * self.stretch
    }

    /// What is waited before a silent target is asked whether it is alive.
    pub(crate) fn settle(&self) -> Duration {
        (SETTLE + self.round_trip * 4) * self.stretch
    }

    /// What a farewell may take whose outcome nobody judges.
    pub(crate) fn farewell(&self) -> Duration {
        Duration::from_millis(500) + self.round_trip * 4
    }
}
