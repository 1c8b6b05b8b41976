//! How old a connection may become.

use crate::{config::Timeouts, time::Now};
use core::time::Duration;

/// When a connection is old enough: a moment that nothing moves.
#[derive(Debug)]
pub(super) struct Lifetime(Now);

/// No limit: the end of all numbers.
const ENDLESS: Now = Now::new(Duration::MAX);

impl Lifetime {
    pub(super) fn new(timeouts: &Timeouts, now: Now) -> Self {
        Self(timeouts.lifetime.map_or(ENDLESS, |lifetime| now + lifetime))
    }

    /// Takes off a share of what may be taken off: all of it for the largest number, nothing for 0.
    pub(super) fn shorten(&mut self, timeouts: &Timeouts, random: u32) {
        let Some(lifetime) = timeouts.lifetime else { return };
        let most = lifetime.as_nanos() * u128::from(timeouts.lifetime_jitter.min(100)) / 100;
        let share = most.saturating_mul(u128::from(random)) / u128::from(u32::MAX);
        let share = Duration::from_nanos(u64::try_from(share).unwrap_or(u64::MAX));
        self.0 = Now::new(self.0 - (Now::default() + share));
    }

    pub(super) fn deadline(&self) -> Option<Now> {
        (self.0 < ENDLESS).then_some(self.0)
    }

    pub(super) fn is_over(&self, now: Now) -> bool {
        self.deadline().is_some_and(|end| now >= end)
    }
}
