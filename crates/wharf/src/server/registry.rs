//! Who must hear the farewell when the server goes down.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Starts the closing handshake of one socket and returns at once. It must not keep the socket alive.
pub(super) type Farewell = Box<dyn Fn() + Send + Sync>;

/// The seats of all connections of one server. It is as big as the caps on connections and handshakes allow.
#[derive(Default)]
pub(super) struct Registry(Mutex<Seats>);

#[derive(Default)]
struct Seats {
    next: u64,
    taken: HashMap<u64, Arc<Seat>>,
    mood: Mood,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mood {
    #[default]
    Staying,
    Leaving,
}

/// The place of one connection, from its first byte on.
pub(super) struct Seat(Mutex<State>);

enum State {
    /// No socket yet.
    Waiting,
    Open(Farewell),
    /// The farewell was said.
    Leaving,
}

/// Keeps a seat in the registry until dropped.
pub(super) struct Seated {
    registry: Arc<Registry>,
    id: u64,
    seat: Arc<Seat>,
}

impl Registry {
    pub(super) fn take_seat(self: &Arc<Self>) -> Seated {
        let mut seats = self.lock();
        let id = seats.next;
        seats.next += 1;
        let seat = Arc::new(Seat(Mutex::new(match seats.mood {
            Mood::Staying => State::Waiting,
            Mood::Leaving => State::Leaving,
        })));
        seats.taken.insert(id, Arc::clone(&seat));
        Seated { registry: Arc::clone(self), id, seat }
    }

    /// Says the farewell to everybody here, and to everybody who comes later.
    pub(super) fn leave(&self) {
        let seats: Vec<_> = {
            let mut seats = self.lock();
            seats.mood = Mood::Leaving;
            seats.taken.values().cloned().collect()
        };
        for seat in seats {
            seat.leave();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    pub(super) fn is_leaving(&self) -> bool {
        matches!(*self.lock(), State::Leaving)
    }

    /// The socket is open; if the server has begun to leave, it hears so at once.
    pub(super) fn open(&self, farewell: Farewell) {
        let mut state = self.lock();
        match &*state {
            State::Waiting | State::Open(_) => *state = State::Open(farewell),
            State::Leaving => {
                drop(state);
                farewell();
            }
        }
    }

    fn leave(&self) {
        let before = mem::replace(&mut *self.lock(), State::Leaving);
        match before {
            State::Open(farewell) => farewell(),
            State::Waiting | State::Leaving => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seated {
    pub(super) fn seat(&self) -> Arc<Seat> {
        Arc::clone(&self.seat)
    }
}

impl Drop for Seated {
    fn drop(&mut self) {
        self.registry.lock().taken.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Clone, Default)]
    struct Heard(Arc<AtomicUsize>);

    impl Heard {
        fn farewell(&self) -> Farewell {
            let heard = Arc::clone(&self.0);
            Box::new(move || {
                heard.fetch_add(1, Ordering::Relaxed);
            })
        }

        fn times(&self) -> usize {
            self.0.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn every_open_seat_hears_the_farewell_once() {
        let (registry, heard) = (Arc::<Registry>::default(), Heard::default());
        let seated = [registry.take_seat(), registry.take_seat()];
        for one in &seated {
            one.seat().open(heard.farewell());
        }
        registry.leave();
        registry.leave();
        assert_eq!(heard.times(), 2);
    }

    #[test]
    fn a_socket_that_opens_too_late_hears_it_at_once() {
        let (registry, heard) = (Arc::<Registry>::default(), Heard::default());
        let before = registry.take_seat();
        registry.leave();
        let after = registry.take_seat();
        assert!(before.seat().is_leaving() && after.seat().is_leaving());
        before.seat().open(heard.farewell());
        after.seat().open(heard.farewell());
        assert_eq!(heard.times(), 2);
    }

    #[test]
    fn a_connection_that_ended_leaves_nothing_behind() {
        let registry = Arc::<Registry>::default();
        drop(registry.take_seat());
        assert!(registry.lock().taken.is_empty());
    }
}
