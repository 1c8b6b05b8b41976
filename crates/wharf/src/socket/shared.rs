//! One lock, and a waker that writes.

use super::state::State;
use std::{
    cell::Cell,
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};
use wharf_proto::{NotSent, Outgoing};

/// What the handles of one connection share.
///
/// It is a [`Waker`] itself: when the transport takes bytes again, or when a task that sent in the middle
/// of a batch has yielded, waking it writes what waits. So nothing that was accepted depends on anybody's
/// polling.
pub(crate) struct Shared {
    state: Mutex<State>,
    /// The reader has bytes left to decode: what is sent now leaves with what is sent next.
    batch: AtomicBool,
}

/// A batch is not put off beyond so many bytes.
const BATCH: usize = 64 << 10;

thread_local! {
    /// The connection whose transport this thread polls under its lock. A transport that wakes at once
    /// would find the lock taken.
    static POLLING: Cell<Option<Polling>> = const { Cell::new(None) };
}

#[derive(Clone, Copy)]
struct Polling {
    address: usize,
    woken: bool,
}

impl Shared {
    pub(crate) const fn new(state: State) -> Self {
        Self { state: Mutex::new(state), batch: AtomicBool::new(false) }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // A panic of a foreign transport or waker poisons; the state is whole between calls.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether the reader has bytes left to decode.
    pub(crate) fn set_batch(&self, open: bool) {
        self.batch.store(open, Ordering::Relaxed);
    }

    /// Accepts a message, or gives it back.
    pub(crate) fn offer<'a>(self: &Arc<Self>, message: Outgoing<'a>) -> Result<(), NotSent<'a>> {
        let mut state = self.lock();
        let now = state.clock.now();
        state.lend_storage();
        state.outbound.send(message, now)?;
        self.dispatch(state);
        Ok(())
    }

    /// Writes what was queued: at once, or with the rest of the batch.
    pub(crate) fn dispatch(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        if self.batch.load(Ordering::Relaxed) && state.outbound.outbox().data_len() < BATCH {
            self.defer(state);
        } else {
            state.flush(self);
        }
    }

    /// Writes what was queued when the running task yields, at the latest.
    pub(crate) fn defer(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        if std::mem::replace(&mut state.deferred, true) {
            return;
        }
        drop(state);
        // tokio wakes the waker of `yield_now` once the task that runs now has yielded; outside of a
        // runtime at once, which is as good.
        let waker = Waker::from(Arc::clone(self));
        let _ = pin!(tokio::task::yield_now()).poll(&mut Context::from_waker(&waker));
    }

    /// Polls the transport, under the lock, for a writer that will be woken as `self`.
    pub(crate) fn poll_io<T>(
        self: &Arc<Self>,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        // Most writes are taken at once: the waker, and its reference count, can wait.
        let before = POLLING.replace(Some(Polling { address: self.address(), woken: false }));
        let mut result = poll(&mut Context::from_waker(Waker::noop()));
        if result.is_pending() {
            let waker = Waker::from(Arc::clone(self));
            result = poll(&mut Context::from_waker(&waker));
        }
        let polling = POLLING.replace(before);
        if result.is_pending() && polling.is_some_and(|polling| polling.woken) {
            self.again_later();
        }
        result
    }

    /// The transport asked to be polled again at once: later, when the lock is free.
    fn again_later(self: &Arc<Self>) {
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let waker = Waker::from(Arc::clone(self));
            runtime.spawn(async move { waker.wake() });
        }
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        match POLLING.get() {
            Some(polling) if polling.address == self.address() => {
                POLLING.set(Some(Polling { woken: true, ..polling }));
            }
            _ => self.lock().flush(self),
        }
    }
}
