//! Who waits for what.

use std::task::Waker;

/// The tasks that wait at one connection.
#[derive(Default)]
pub(crate) struct Waiters {
    /// Who drives the connection.
    reader: Option<Waker>,
    /// Who else waits. An idle connection has nobody, and no room for them.
    others: Option<Box<Others>>,
}

/// Each list is emptied when it is woken, and names a task once.
#[derive(Default)]
struct Others {
    /// For room, for their turn to send, for a flush.
    senders: Vec<Waker>,
    /// For a Pong.
    pings: Vec<Waker>,
}

/// Whether a waker was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Registered {
    Already,
    Anew,
}

impl Waiters {
    /// `waker` is told when something happened that the one who drives must look at.
    #[inline]
    pub(crate) fn register_reader(&mut self, waker: &Waker) -> Registered {
        if self.reader.as_ref().is_some_and(|reader| reader.will_wake(waker)) {
            return Registered::Already;
        }
        self.reader = Some(waker.clone());
        Registered::Anew
    }

    /// `waker` is told when something was written, or when nothing will be any more.
    pub(crate) fn register_sender(&mut self, waker: &Waker) {
        register(&mut self.others.get_or_insert_default().senders, waker);
    }

    /// `waker` is told of a Pong, or when none will come any more.
    pub(crate) fn register_ping(&mut self, waker: &Waker) {
        register(&mut self.others.get_or_insert_default().pings, waker);
    }

    /// Spurious wakes are harmless: the reader stays registered.
    pub(crate) fn wake_reader(&self) {
        if let Some(reader) = &self.reader {
            reader.wake_by_ref();
        }
    }

    #[inline]
    pub(crate) fn wake_senders(&mut self) {
        if let Some(others) = &mut self.others {
            wake(&mut others.senders);
            self.forget_empty();
        }
    }

    #[inline]
    pub(crate) fn wake_pings(&mut self) {
        if let Some(others) = &mut self.others {
            wake(&mut others.pings);
            self.forget_empty();
        }
    }

    /// Nothing more is accepted.
    pub(crate) fn wake_refused(&mut self) {
        self.wake_senders();
        self.wake_pings();
    }

    pub(crate) fn wake_all(&mut self) {
        self.wake_reader();
        self.wake_refused();
    }

    fn forget_empty(&mut self) {
        self.others = self.others.take().filter(|others| !others.is_empty());
    }
}

impl Others {
    fn is_empty(&self) -> bool {
        self.senders.is_empty() && self.pings.is_empty()
    }
}

fn register(list: &mut Vec<Waker>, waker: &Waker) {
    if !list.iter().any(|known| known.will_wake(waker)) {
        list.push(waker.clone());
    }
}

fn wake(list: &mut Vec<Waker>) {
    for waker in list.drain(..) {
        waker.wake();
    }
}
