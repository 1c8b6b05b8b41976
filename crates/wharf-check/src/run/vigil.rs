//! Watches whether a target still answers: one that does not is not asked the rest.

use super::{
    case::{Attempt, as_client},
    miss::Miss,
    pace::Pace,
    target::{Target, TargetError},
};
use crate::case::{Case, build::echo, kinds::Group};
use std::time::Duration;
use tokio::{
    sync::{Mutex, watch},
    time::Instant,
};

/// How long a connection may take that only asks whether anybody is there.
const FIRST: Duration = Duration::from_secs(10);
/// Echoes that are timed.
const ECHOES: u32 = 5;

/// Knows whether the target is there.
#[derive(Debug)]
pub(crate) struct Vigil {
    target: Target,
    /// One question at a time; the answer is for all who wait for it.
    asking: Mutex<()>,
    over: watch::Sender<bool>,
}

impl Vigil {
    /// Over a target that has just answered.
    pub(crate) fn new(target: Target) -> Self {
        Self { target, asking: Mutex::new(()), over: watch::Sender::new(false) }
    }

    /// Whether the target was found to be gone.
    pub(crate) fn is_over(&self) -> bool {
        *self.over.borrow()
    }

    /// Asks for an echo; without one, all is over.
    pub(crate) async fn look(&self) {
        let _turn = self.asking.lock().await;
        if !self.is_over() && round_trip(&self.target).await.is_err() {
            self.over.send_replace(true);
        }
    }

    /// Waits until the target is found to be gone.
    pub(crate) async fn over(&self) {
        // The sender lives as long as this.
        let _ = self.over.subscribe().wait_for(|over| *over).await;
    }
}

/// The mean of some round trips, by echoes.
pub(crate) async fn round_trip(target: &Target) -> Result<Duration, TargetError> {
    let patient = Pace::new(FIRST / 20);
    let pipe = target.reach(Instant::now() + FIRST).await?;
    let script = (0..ECHOES).flat_map(|number| echo(format!("round trip {number}")));
    let case = Case::new(Group::Frames, "round-trip", "").script(script);
    let Attempt { end, took, .. } = Box::pin(as_client(&case, pipe, target.place(), patient)).await;
    match end {
        super::case::End::Passed => Ok(took / (ECHOES + 1)),
        super::case::End::Missed(Miss { told, .. }) | super::case::End::NotApplicable(told) => {
            Err(TargetError::NoEcho(told))
        }
    }
}
