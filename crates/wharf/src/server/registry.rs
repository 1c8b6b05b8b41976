//! Who is served: who is waited for when the server goes down, and who is cut.

use super::summary::{Reached, ShutdownSummary};
use crate::{
    observe::{meters, span::Blame},
    shelf::Shelf,
};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};
use tokio::{sync::Notify, task::AbortHandle, time::Instant};
use wharf_proto::Role;

/// The seats of all connections of one server. It is as big as the caps on connections and handshakes allow.
#[derive(Default)]
pub(super) struct Registry {
    seats: Mutex<Seats>,
    /// Nobody is here, or no handler.
    emptied: Notify,
}

#[derive(Default)]
struct Seats {
    taken: Shelf<Seat>,
    /// How many of them have reached a handler.
    served: usize,
    /// Since the server began to leave: until when who ends has ended in time.
    limit: Option<Instant>,
    summary: ShutdownSummary,
}

/// The place of one connection, from its first byte to the end of its handler.
#[derive(Default)]
struct Seat {
    task: Option<AbortHandle>,
    reached: Reached,
}

/// Keeps a seat in the registry until dropped.
pub(super) struct Seated(Ticket);

/// Names a seat.
#[derive(Clone)]
pub(super) struct Ticket {
    registry: Arc<Registry>,
    id: u32,
}

impl Registry {
    pub(super) fn take_seat(self: &Arc<Self>) -> Seated {
        let id = self.lock().taken.put(Seat::default());
        Seated(Ticket { registry: Arc::clone(self), id })
    }

    /// From now on it is counted how connections end, and whether they do until the limit.
    pub(super) fn leave(&self, limit: Instant) {
        self.lock().limit = Some(limit);
    }

    /// Ready when no seat is taken.
    ///
    /// Cancel safety: yes, it keeps nothing.
    pub(super) async fn emptied(&self) {
        self.wait_until(|seats| seats.taken.is_empty()).await;
    }

    /// Ready when no handler runs.
    ///
    /// Cancel safety: yes, it keeps nothing.
    pub(super) async fn served(&self) {
        self.wait_until(|seats| seats.served == 0).await;
    }

    async fn wait_until(&self, ready: impl Fn(&Seats) -> bool) {
        loop {
            let emptied = self.emptied.notified();
            if ready(&self.lock()) {
                return;
            }
            emptied.await;
        }
    }

    /// Cuts who is still here, and says how the others ended since [`leave`](Self::leave).
    pub(super) fn cut(&self) -> ShutdownSummary {
        let (summary, rest) = {
            let mut seats = self.lock();
            seats.summary.cut += std::mem::take(&mut seats.served);
            (seats.summary, seats.taken.clear())
        };
        for task in rest.filter_map(|seat| seat.task) {
            task.abort();
        }
        summary
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seats {
    /// Whether somebody may have waited for this.
    fn leave(&mut self, id: u32) -> bool {
        let Some(seat) = self.taken.take(id) else { return false };
        if seat.reached == Reached::Handler {
            self.served -= 1;
            match self.limit {
                None => {}
                Some(limit) if Instant::now() < limit => self.summary.closed += 1,
                Some(_) => self.summary.cut += 1,
            }
        }
        self.served == 0
    }
}

impl Ticket {
    /// The task that serves the connection, for the day when it must be cut.
    pub(super) fn serve(&self, task: AbortHandle) {
        if let Some(seat) = self.registry.lock().taken.get_mut(self.id) {
            seat.task = Some(task);
        }
    }

    /// A handler sees the request.
    pub(super) fn reach_handler(&self) {
        let mut seats = self.registry.lock();
        let Some(seat) = seats.taken.get_mut(self.id) else { return };
        seat.reached = Reached::Handler;
        seats.served += 1;
    }
}

impl Seated {
    pub(super) fn ticket(&self) -> Ticket {
        self.0.clone()
    }
}

impl Drop for Seated {
    fn drop(&mut self) {
        if thread::panicking() {
            tracing::error!("a handler panicked; its connection is cut");
            meters::error(Role::Server, Blame::Panic);
        }
        let Ticket { registry, id } = &self.0;
        let perhaps_empty = registry.lock().leave(*id);
        if perhaps_empty {
            registry.emptied.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_connection_that_ended_leaves_nothing_behind() {
        let registry = Arc::<Registry>::default();
        drop(registry.take_seat());
        assert!(registry.lock().taken.is_empty());
    }

    /// Who ends before the server leaves is not counted, who never came to a handler neither.
    #[tokio::test(start_paused = true)]
    async fn the_summary_counts_handlers_that_end_after_the_farewell() {
        let registry = Arc::<Registry>::default();
        let mut seats: Vec<_> = (0..5).map(|_| registry.take_seat()).collect();
        for seated in &seats[1..] {
            seated.ticket().reach_handler();
        }
        drop(seats.pop());
        let limit = Instant::now() + Duration::from_secs(1);
        registry.leave(limit);
        drop(seats.pop());
        drop(seats.remove(0));
        tokio::time::sleep_until(limit).await;
        drop(seats.pop()); // too late
        let summary = registry.cut();
        assert_eq!((summary.closed, summary.cut), (1, 2));
        registry.emptied().await;
        registry.served().await;
    }
}
