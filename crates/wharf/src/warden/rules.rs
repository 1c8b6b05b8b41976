//! What a warden goes by.

use super::access::{Access, OnUnknown};
use crate::random::Random;
use std::{pin::Pin, sync::Arc, time::Duration};

pub(super) type Asking = Pin<Box<dyn Future<Output = Access> + Send>>;
pub(super) type Ask<K> = Arc<dyn Fn(Arc<K>) -> Asking + Send + Sync>;

/// What a warden goes by; each field is described at its setter in `builder.rs`.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) every: Duration,
    pub(super) within: Duration,
    pub(super) at_a_time: usize,
    pub(super) unknown: OnUnknown,
}

impl Rules {
    /// How long until somebody is asked for: at most a quarter earlier than he must be.
    pub(super) fn wait(&self, random: &mut Random) -> Duration {
        let quarter = u64::try_from((self.every / 4).as_nanos()).unwrap_or(u64::MAX);
        self.every.saturating_sub(Duration::from_nanos(random.up_to(quarter)))
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(60),
            within: Duration::from_secs(10),
            at_a_time: 64,
            unknown: OnUnknown::Keep,
        }
    }
}
