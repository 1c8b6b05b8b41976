//! The runtime's timer, armed lazily.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};
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

    fn instant(self, moment: Now) -> Instant {
        let day = Duration::from_secs(24 * 60 * 60);
        self.0.checked_add(moment.since_epoch()).unwrap_or_else(|| Instant::now() + day)
    }
}

/// One sleep. Traffic moves a deadline without touching it: it is re-armed when it fires early, or when the
/// deadline came nearer.
#[derive(Default)]
pub(crate) struct Timer {
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Timer {
    /// Ready when `deadline` may have come.
    pub(crate) fn poll(&mut self, deadline: Now, clock: Clock, cx: &mut Context<'_>) -> Poll<()> {
        let at = clock.instant(deadline);
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if at < sleep.deadline() || sleep.is_elapsed() {
            sleep.as_mut().reset(at);
        }
        sleep.as_mut().poll(cx)
    }
}
