//! What the client that stays connected shares with those who send.

use super::{
    queue::{Gap, Queue, Unsent},
    refused::NotQueued,
};
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    task::Waker,
};
use tokio::sync::Semaphore;
use wharf_proto::Outgoing;

/// A message holds this much beside its bytes, so that empty ones have a bound too.
const OVERHEAD: usize = 64;

/// The queue, its bound, and whom to wake.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    /// One permit for each byte that may still wait.
    room: Semaphore,
    limit: u32,
    unsent: Unsent,
}

#[derive(Debug)]
struct State {
    queue: Queue,
    phase: Phase,
    driver: Option<Waker>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Down,
    Up,
    Over,
}

impl Phase {
    const fn admits(self, unsent: Unsent) -> Result<(), NotQueued> {
        match (self, unsent) {
            (Self::Over, _) => Err(NotQueued::Over),
            (Self::Down, Unsent::Drop) => Err(NotQueued::Down),
            (Self::Down, Unsent::Keep) | (Self::Up, _) => Ok(()),
        }
    }
}

impl Shared {
    pub(crate) fn new(limit: u32, unsent: Unsent) -> Self {
        let state = State { queue: Queue::default(), phase: Phase::Down, driver: None };
        let room = Semaphore::new(usize::try_from(limit).unwrap_or(usize::MAX >> 3));
        Self { state: Mutex::new(state), room, limit, unsent }
    }

    /// Waits for room, then accepts the message.
    pub(crate) async fn push(&self, message: Outgoing<'static>) -> Result<u64, NotQueued> {
        let cost = self.cost(&message)?;
        self.admit()?;
        let permit = self.room.acquire_many(cost).await.map_err(|_| NotQueued::Over)?;
        let number = self.accept(message)?;
        permit.forget();
        Ok(number)
    }

    pub(crate) fn try_push(&self, message: Outgoing<'static>) -> Result<u64, NotQueued> {
        let cost = self.cost(&message)?;
        self.admit()?;
        let permit = self.room.try_acquire_many(cost).map_err(|_| NotQueued::Full)?;
        let number = self.accept(message)?;
        permit.forget();
        Ok(number)
    }

    /// Bytes that may still be accepted.
    pub(crate) fn room(&self) -> usize {
        self.room.available_permits()
    }

    pub(crate) fn is_up(&self) -> bool {
        self.lock().phase == Phase::Up
    }

    /// Tells whom to wake when there is something to send.
    pub(crate) fn register(&self, waker: &Waker) {
        let driver = &mut self.lock().driver;
        match driver {
            Some(driver) => driver.clone_from(waker),
            None => *driver = Some(waker.clone()),
        }
    }

    pub(crate) fn on_up(&self) {
        self.lock().phase = Phase::Up;
    }

    /// The connection is lost. Tells what was lost with it.
    pub(crate) fn on_down(&self) -> Gap {
        self.lose(self.unsent, Phase::Down)
    }

    /// There will be no connection any more. Tells what was lost.
    pub(crate) fn end(&self) -> Gap {
        let gap = self.lose(Unsent::Drop, Phase::Over);
        self.room.close();
        gap
    }

    /// Accepts nothing more; what waits can still be sent.
    pub(crate) fn refuse(&self) {
        self.lock().phase = Phase::Over;
        self.room.close();
    }

    /// Takes the next message to send.
    pub(crate) fn hand_over(&self) -> Option<Outgoing<'static>> {
        let message = self.lock().queue.hand_over()?;
        self.room.add_permits(cost(&message));
        Some(message)
    }

    /// Puts back what the connection did not take. It had room before, so it may pass the bound now.
    pub(crate) fn take_back(&self, message: Outgoing<'static>) {
        self.room.forget_permits(cost(&message));
        self.lock().queue.take_back(message);
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.lock().queue.is_waiting()
    }

    /// The number after the last message that is on its way, if any is.
    pub(crate) fn uncertain(&self) -> Option<u64> {
        let state = self.lock();
        state.queue.is_uncertain().then(|| state.queue.handed())
    }

    /// Messages below this number arrived.
    pub(crate) fn confirm(&self, below: u64) {
        self.lock().queue.confirm(below);
    }

    fn lose(&self, unsent: Unsent, phase: Phase) -> Gap {
        let mut state = self.lock();
        state.phase = phase;
        let (gap, dropped) = state.queue.lose(unsent);
        drop(state);
        self.room.add_permits(dropped.iter().map(cost).sum());
        gap
    }

    /// Whether a message may be accepted at all now.
    fn admit(&self) -> Result<(), NotQueued> {
        self.lock().phase.admits(self.unsent)
    }

    fn accept(&self, message: Outgoing<'static>) -> Result<u64, NotQueued> {
        let mut state = self.lock();
        state.phase.admits(self.unsent)?;
        let number = state.queue.push(message);
        let driver = state.driver.take();
        drop(state);
        if let Some(driver) = driver {
            driver.wake();
        }
        Ok(number)
    }

    fn cost(&self, message: &Outgoing<'_>) -> Result<u32, NotQueued> {
        let cost = u32::try_from(cost(message)).ok();
        cost.filter(|cost| *cost <= self.limit).ok_or(NotQueued::TooLong(self.limit))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole between calls.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cost(message: &Outgoing<'_>) -> usize {
    message.as_bytes().len() + OVERHEAD
}
