//! A bound on control frames that nothing asked for (checklist 143).

use crate::{error::Limit, time::Now};
use core::time::Duration;

/// Counts control frames that come without data among them, in a second that begins
/// with the first of them.
#[derive(Debug, Default)]
pub(crate) struct Burst {
    count: u32,
    since: Now,
}

impl Burst {
    pub(crate) fn on_data(&mut self) {
        self.count = 0;
    }

    pub(crate) fn on_control(&mut self, limit: u32, now: Now) -> Result<(), Limit> {
        if self.count == 0 || now - self.since >= Duration::from_secs(1) {
            *self = Self { count: 0, since: now };
        }
        self.count += 1;
        if self.count > limit { Err(Limit::ControlBurst(limit)) } else { Ok(()) }
    }
}
