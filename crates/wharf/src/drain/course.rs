//! A drain under way: who is closed next, and what became of those who left.

use super::{
    plan::DrainPlan,
    progress::DrainSummary,
    schedule::{moments, pause, shuffle, window},
};
use crate::random::Random;
use std::{collections::VecDeque, time::Duration};
use tokio::time::Instant;

/// How a connection left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// It never was open.
    Handshake,
    /// Both ends said Close.
    Clean,
    /// Not so.
    Unclean,
}

/// From its first moment on; it stays when the drain is over, for those who come then.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) plan: DrainPlan,
    pub(super) stage: Stage,
    pub(super) summary: DrainSummary,
    started: Instant,
    pub(super) deadline: Instant,
    /// Whom to close when: in order, by their places.
    due: VecDeque<(Instant, u32)>,
    random: Random,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Closing,
    Over,
}

/// Sockets closed in one go; others have their turn between.
const AT_A_TIME: usize = 256;
/// Who is refused without a word of the plan's comes back within so much time after the drain.
const RETURN: Duration = Duration::from_secs(10);

impl Course {
    pub(super) fn new(plan: DrainPlan, now: Instant) -> Self {
        Self {
            deadline: plan.deadline(now),
            started: now,
            stage: Stage::Closing,
            summary: DrainSummary::default(),
            due: VecDeque::new(),
            random: Random::anew(),
            plan,
        }
    }

    /// Gives everybody a moment; `close` is the longest that one of their handshakes may take.
    pub(super) fn schedule(&mut self, mut places: Vec<u32>, close: Duration) {
        shuffle(&mut places, &mut self.random);
        let window = window(&self.plan, places.len(), close);
        let moments = moments(window, places.len(), &mut self.random);
        let started = self.started;
        self.due = moments.map(|moment| started + moment).zip(places).collect();
    }

    /// Who is to be closed now: at most a few.
    pub(super) fn due(&mut self, now: Instant) -> Vec<u32> {
        let due = self.due.iter().take(AT_A_TIME).take_while(|(at, _)| *at <= now).count();
        self.due.drain(..due).map(|(_, place)| place).collect()
    }

    /// When to look again. Batches are apart, but the last of them is not late.
    pub(super) fn next(&mut self, now: Instant) -> Instant {
        let (Some((first, _)), Some((last, _))) = (self.due.front(), self.due.back()) else {
            return self.deadline;
        };
        if *first <= now {
            return now;
        }
        (*first).max((now + pause(&mut self.random)).min(*last)).min(self.deadline)
    }

    pub(super) fn count(&mut self, left: Left) {
        match left {
            Left::Handshake => {}
            Left::Clean => self.summary.clean += 1,
            Left::Unclean => self.summary.unclean += 1,
        }
    }

    /// When a newcomer may ask again.
    pub(super) fn retry_after(&mut self, now: Instant) -> Duration {
        self.plan.retry_after.unwrap_or_else(|| {
            let longest = u64::try_from(RETURN.as_millis()).unwrap_or(u64::MAX);
            let random = Duration::from_millis(1 + self.random.up_to(longest - 1));
            self.deadline.saturating_duration_since(now).saturating_add(random)
        })
    }
}
