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
        // Where addresses have 32 bits, a semaphore holds less than a `u32`.
        let most = u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX);
        let limit = limit.min(most);
        let room = Semaphore::new(usize::try_from(limit).unwrap_or(Semaphore::MAX_PERMITS));
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

    /// Takes the next message to send; it holds its room until it is [`sent`](Self::sent) or taken back.
    pub(crate) fn hand_over(&self) -> Option<Outgoing<'static>> {
        self.lock().queue.hand_over()
    }

    /// The connection took a message with so many bytes.
    pub(crate) fn sent(&self, len: usize) {
        self.room.add_permits(len + OVERHEAD);
    }

    /// Puts back what the connection did not take.
    pub(crate) fn take_back(&self, message: Outgoing<'static>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Outgoing<'static> {
        Outgoing::from(vec![0; 36])
    }

    /// Each message gives its room back once, whatever becomes of it.
    #[test]
    fn room_comes_back_with_every_fate() {
        let shared = Shared::new(1_000, Unsent::Drop);
        shared.on_up();
        (0..4).for_each(|number| assert_eq!(shared.try_push(message()), Ok(number)));
        assert_eq!(shared.room(), 600);
        let back = shared.hand_over().unwrap();
        shared.take_back(back);
        assert_eq!(shared.room(), 600);
        let sent = shared.hand_over().unwrap();
        shared.sent(sent.as_bytes().len());
        assert_eq!(shared.room(), 700);
        let gap = shared.on_down();
        assert_eq!((gap.uncertain(), gap.dropped()), (0..1, 1..4));
        assert_eq!(shared.room(), 1_000);
    }

    #[test]
    fn no_limit_is_too_large_to_be_kept() {
        let shared = Shared::new(u32::MAX, Unsent::Keep);
        assert_eq!(shared.try_push(message()), Ok(0));
        assert_eq!(Shared::new(0, Unsent::Keep).try_push(message()), Err(NotQueued::TooLong(0)));
    }
}
