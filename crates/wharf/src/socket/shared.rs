//! One lock, and the end of the turn.

use super::{
    clock::Clock,
    state::State,
    writable::{Origin, Writable, WriteOn},
};
use crate::{error::SendError, observe::span::ConnectionSpan, transport::Transport};
use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};
use tokio::sync::Notify;
use wharf_proto::{CloseCode, EndedBy, Ending, NotSent, OnFull, Outbound, WhyNot};

/// What the handles of one connection share.
///
/// It is a [`Waker`] itself: who wakes it says that the turn of a task that put a flush off is over. A
/// transport that is ready again wakes a [`Writable`]. So nothing that was accepted depends on anybody's
/// polling.
pub(crate) struct Shared {
    state: Mutex<State>,
    /// [`Batch::Open`]: what is sent now leaves with what is sent next.
    batch: AtomicBool,
    /// A flush was put off and did not take place since.
    deferred: AtomicBool,
    me: Weak<Self>,
    origin: Origin,
    /// Made when it is first needed.
    seldom: OnceLock<Box<Seldom>>,
}

/// What most connections never need.
struct Seldom {
    /// For a transport that takes no more: the runtime that tells so is there then.
    writable: Arc<Writable>,
    /// For those who wait for the end.
    ended: Notify,
    /// For those who look.
    span: ConnectionSpan,
}

static NO_SPAN: ConnectionSpan = ConnectionSpan::NONE;

/// Whether the reader has bytes left to decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Batch {
    Open,
    Over,
}

/// A batch is not put off beyond so many bytes.
const BATCH: usize = 64 << 10;

impl Shared {
    pub(crate) fn new(
        outbound: Outbound,
        clock: Clock,
        transport: Transport,
        span: ConnectionSpan,
    ) -> Arc<Self> {
        let origin = Origin::of(&transport);
        let shared = Arc::new_cyclic(|me| Self {
            origin,
            state: Mutex::new(State::new(outbound, clock, transport)),
            batch: AtomicBool::new(false),
            deferred: AtomicBool::new(false),
            me: me.clone(),
            seldom: OnceLock::new(),
        });
        // Here is a runtime; where foreign code wakes there may be none.
        if origin == Origin::Foreign || span.is_some() {
            shared.seldom_with(span);
        }
        shared
    }

    fn seldom(&self) -> &Seldom {
        self.seldom_with(ConnectionSpan::NONE)
    }

    fn seldom_with(&self, span: ConnectionSpan) -> &Seldom {
        self.seldom.get_or_init(|| {
            let writable = Arc::new(Writable::new(self.me.clone(), self.origin));
            Box::new(Seldom { writable, ended: Notify::new(), span })
        })
    }

    /// What the connection tells is told in here.
    pub(crate) fn span(&self) -> &ConnectionSpan {
        self.seldom.get().map_or(&NO_SPAN, |seldom| &seldom.span)
    }

    /// Writes on when the transport takes bytes again.
    fn writable(&self) -> &Arc<Writable> {
        &self.seldom().writable
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // A panic of a foreign transport or waker poisons; the state is whole between calls.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_batch(&self, batch: Batch) {
        self.batch.store(batch == Batch::Open, Ordering::Relaxed);
    }

    /// Writes what was queued: at once, or with the rest of the batch.
    #[inline]
    pub(crate) fn dispatch(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        if self.batch.load(Ordering::Relaxed) && state.outbound.outbox().data_len() < BATCH {
            self.defer(state);
        } else {
            self.flush(&mut state);
        }
    }

    /// A message was given back by a connection that was open. If that has closed it the Close goes out, and who
    /// waits hears of it.
    #[cold]
    pub(crate) fn on_refused(&self, mut state: MutexGuard<'_, State>, refused: &NotSent<'_>) {
        if refused.reason != WhyNot::Closed {
            return;
        }
        self.flush(&mut state);
        state.waiters.wake_all();
        let full = state.outbound.config().limits.on_full;
        drop(state);
        if let OnFull::Close(code) = full {
            self.span().closing(EndedBy::Local, Some(code.get()));
        }
    }

    /// Writes what the transport takes now, for others than the one who drives.
    pub(crate) fn flush(&self, state: &mut State) {
        self.write(state);
        if !state.outbound.outbox().is_empty() {
            state.tell_deadline();
        }
    }

    /// Writes what the transport takes now.
    pub(crate) fn write(&self, state: &mut State) {
        self.deferred.store(false, Ordering::Relaxed);
        if state.is_quiet() {
            return;
        }
        state.write(&|| Waker::from(Arc::clone(self.writable())));
        if state.outbound.ending().is_some() {
            self.end(state);
        }
    }

    /// The connection has ended.
    pub(crate) fn end(&self, state: &mut State) {
        if state.end().is_some()
            && let Some(seldom) = self.seldom.get()
        {
            seldom.ended.notify_waiters();
        }
    }

    /// Ends the connection now, and says 1001 as far as the transport takes that at once.
    pub(crate) fn cut(&self) {
        let mut state = self.lock();
        if state.transport.is_none() {
            return;
        }
        let (now, open) = (state.clock.now(), state.outbound.is_open());
        state.outbound.close(Some(CloseCode::GOING_AWAY.into()), now);
        self.write(&mut state);
        state.outbound.on_eof(now);
        self.end(&mut state);
        drop(state);
        if open {
            self.span().closing(EndedBy::Local, Some(CloseCode::GOING_AWAY.get()));
        }
    }

    /// Ready when `ready` says so; who waits is woken when bytes were written, and when no more will be.
    pub(crate) fn poll_sender<T>(
        &self,
        cx: &Context<'_>,
        ready: impl FnOnce(&mut State) -> Option<T>,
    ) -> Poll<T> {
        let mut state = self.lock();
        match ready(&mut state) {
            Some(ready) => Poll::Ready(ready),
            None => {
                state.waiters.register_sender(cx.waker());
                Poll::Pending
            }
        }
    }

    /// Why nothing is accepted any more.
    pub(crate) fn send_error(&self) -> SendError {
        SendError { ending: self.ending() }
    }

    /// Waits for the end.
    pub(crate) async fn closed(&self) -> Ending {
        loop {
            let ended = self.seldom().ended.notified();
            if let Some(ending) = self.ending() {
                return ending;
            }
            ended.await;
        }
    }

    pub(crate) fn ending(&self) -> Option<Ending> {
        self.lock().outbound.ending().cloned()
    }

    /// Writes what was queued when the running task yields, at the latest.
    #[inline]
    pub(crate) fn defer(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let task = tokio::task::try_id();
        // Only the holder of the lock changes it.
        let deferred = self.deferred.load(Ordering::Relaxed);
        // Another task's turn may be long: its flush is not ours.
        if deferred && task.is_some() && state.deferred_by == task {
            return;
        }
        state.deferred_by = task;
        self.deferred.store(true, Ordering::Relaxed);
        drop(state);
        self.ask_for_turn();
    }

    /// Asks to be woken at the end of this turn: tokio wakes the waker of `yield_now` once the task that runs
    /// now has yielded; outside of a runtime at once, which is as good.
    #[inline(never)]
    fn ask_for_turn(self: &Arc<Self>) {
        let waker = Waker::from(Arc::clone(self));
        let _ = pin!(tokio::task::yield_now()).poll(&mut Context::from_waker(&waker));
    }
}

impl WriteOn for Shared {
    fn write_on(&self) {
        self.flush(&mut self.lock());
    }

    fn write_and_read_on(&self) {
        let mut state = self.lock();
        self.flush(&mut state);
        state.waiters.wake_reader();
    }
}

/// The turn is over.
impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Mostly the batch came to its end first.
        if !self.deferred.load(Ordering::Relaxed) {
            return;
        }
        match self.origin {
            Origin::System => self.flush(&mut self.lock()),
            // Foreign code may use the scheduler that calls this.
            Origin::Foreign => self.writable().schedule(),
        }
    }
}
