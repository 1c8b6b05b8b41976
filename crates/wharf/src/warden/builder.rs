//! How a warden comes to be.

use super::{access::OnUnknown, rules::Rules};
use std::time::Duration;

/// Makes a [`Warden`](crate::Warden).
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct WardenBuilder(Rules);

impl WardenBuilder {
    pub(super) const fn new(rules: Rules) -> Self {
        Self(rules)
    }

    /// How long a connection may stay without being asked for; it is asked for up to a quarter of that earlier,
    /// at random. Default: 60 s; less than 1 ms is 1 ms.
    pub fn every(mut self, every: Duration) -> Self {
        self.0.every = every.max(Duration::from_millis(1));
        self
    }

    /// How long an answer may take. Default: 10 s. One that takes longer is dropped and counts as
    /// [`Access::Unknown`](crate::Access::Unknown).
    pub fn within(mut self, within: Duration) -> Self {
        self.0.within = within;
        self
    }

    /// The most questions at a time; others wait, and are then asked late. Default: 64; 0 is 1.
    pub fn at_a_time(mut self, most: usize) -> Self {
        self.0.at_a_time = most.max(1);
        self
    }

    /// What becomes of a connection when nobody can say whether it may stay. Default: it stays until the next
    /// time.
    pub fn unknown(mut self, then: OnUnknown) -> Self {
        self.0.unknown = then;
        self
    }

    pub(super) fn into_rules(self) -> Rules {
        self.0
    }
}
