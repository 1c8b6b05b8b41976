//! What reader and writers share: the writing half of the core, and the transport.

use super::{buffer::Rest, clock::Clock, pool, waiters::Waiters};
use crate::transport::Transport;
use bytes::Buf;
use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};
use tokio::{io::AsyncWrite, task::Id};
use wharf_proto::{End, NotSent, Now, Outbound, Outbox, Outgoing, Shutdown, WhyNot};

/// Behind the one lock of a connection.
pub(crate) struct State {
    pub(crate) outbound: Outbound,
    pub(crate) clock: Clock,
    /// `None` once the connection has ended.
    pub(crate) transport: Option<Transport>,
    /// Why the transport failed.
    pub(crate) failure: Option<io::Error>,
    /// The task that put a flush off to the end of its turn last.
    pub(crate) deferred_by: Option<Id>,
    pub(crate) waiters: Waiters,
    /// What the timer of the one who drives is armed for, if it is.
    armed: Now,
    arming: Arming,
    /// When the clock was read last.
    now: Now,
    queued: Queued,
    after_write: AfterWrite,
    /// What came behind the peer's Close.
    pub(crate) behind_close: Rest,
}

/// What is left to do when all is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AfterWrite {
    Nothing,
    Flush,
    Shutdown,
}

/// Whether the core knows when the bytes that wait were queued.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Queued {
    Known,
    /// Mostly they are written before anybody asks: the clock is read when they are not.
    Unknown,
}

/// Whether the timer is armed, and what the deadlines hung on then.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arming {
    Off,
    /// On traffic alone: see [`Outbound::is_calm`].
    Calm,
    /// On more than that.
    Tense,
}

/// Whether the deadlines were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looked {
    No,
    Yes,
    /// And the connection is closed, because its lifetime is over.
    Lived,
}

/// Pieces of one vectored write.
const PIECES: usize = 16;

impl State {
    pub(crate) fn new(outbound: Outbound, clock: Clock, transport: Transport) -> Self {
        Self {
            outbound,
            clock,
            transport: Some(transport),
            failure: None,
            deferred_by: None,
            waiters: Waiters::default(),
            armed: Now::default(),
            arming: Arming::Off,
            now: Now::default(),
            queued: Queued::Known,
            after_write: AfterWrite::Nothing,
            behind_close: Rest::Perhaps,
        }
    }

    /// Accepts a message, or gives it back.
    pub(crate) fn send<'a>(&mut self, message: Outgoing<'a>) -> Result<(), NotSent<'a>> {
        let now = self.prepare();
        self.outbound.send(message, now).inspect_err(|_| self.release_storage())
    }

    /// Accepts a fragment, or tells why not.
    pub(crate) fn write_fragment(&mut self, bytes: &[u8], end: End) -> Result<(), WhyNot> {
        let now = self.prepare();
        self.outbound.write_fragment(bytes, end, now).inspect_err(|_| self.release_storage())
    }

    /// Whether there is nothing to write and nothing to end.
    #[inline]
    pub(crate) fn is_quiet(&mut self) -> bool {
        self.after_write == AfterWrite::Nothing
            && self.outbound.is_open()
            && self.outbound.outbox().is_empty()
    }

    /// Writes what the transport takes now; when it takes more it wakes the waker, which is made when it is
    /// needed.
    pub(crate) fn write(&mut self, writable: &impl Fn() -> Waker) {
        match self.poll_write_out(writable) {
            Poll::Ready(Ok(())) | Poll::Pending => {}
            Poll::Ready(Err(error)) => self.fail(error),
        }
    }

    /// Whether all that was accepted was handed to the system.
    pub(crate) fn is_flushed(&mut self) -> bool {
        self.after_write == AfterWrite::Nothing && self.outbound.outbox().is_empty()
    }

    /// Whether something that was accepted may never have been handed to the system.
    pub(crate) fn is_lost(&self) -> bool {
        self.failure.is_some()
            || self.outbound.fault().is_some()
            || self.outbound.ending().is_some()
    }

    /// Wakes the one who drives if a deadline came nearer than the timer knows.
    pub(crate) fn tell_deadline(&mut self) {
        let deadline = self.deadline();
        let nearer = |deadline| self.arming == Arming::Off || deadline < self.armed;
        if deadline.is_some_and(nearer) {
            self.waiters.wake_reader();
        }
    }

    /// The connection has ended: the transport is to be dropped.
    pub(crate) fn end(&mut self) -> Option<Transport> {
        let transport = self.transport.take()?;
        self.release_storage();
        self.waiters.wake_all();
        Some(transport)
    }

    /// A deadline may have come; what came of it.
    pub(crate) fn time_out(&mut self) -> Looked {
        let (now, open) = (self.clock.now(), self.outbound.is_open());
        self.outbound.handle_timeout(now);
        if self.outbound.is_open() {
            return Looked::Yes;
        }
        self.waiters.wake_refused();
        if open && self.outbound.fault().is_none() { Looked::Lived } else { Looked::Yes }
    }

    /// The timer is armed for `deadline`.
    pub(crate) fn arm(&mut self, deadline: Now) {
        self.armed = deadline;
        self.arming = if self.outbound.is_calm() { Arming::Calm } else { Arming::Tense };
    }

    /// The timer is not armed.
    pub(crate) fn disarm(&mut self) {
        self.arming = Arming::Off;
    }

    /// Whether no deadline can be nearer than what the timer was armed for.
    #[inline]
    pub(crate) fn is_calm(&self) -> bool {
        self.arming == Arming::Calm && self.outbound.is_calm()
    }

    /// Does what is due at `now`, without any timer.
    #[inline]
    pub(crate) fn look_at_time(&mut self, now: Now) -> Looked {
        if self.is_calm() && now < self.armed {
            return Looked::No;
        }
        let due = self.deadline().is_some_and(|deadline| deadline <= now);
        if due { self.time_out() } else { Looked::Yes }
    }

    /// Gives an outbox that has none storage of the thread's, and tells the core a time: see [`Queued`].
    fn prepare(&mut self) -> Now {
        let outbox = self.outbound.outbox();
        if outbox.is_empty() {
            self.queued = Queued::Unknown;
            if !outbox.has_storage() {
                outbox.lend(pool::take_write());
            }
        }
        self.now
    }

    /// Tells the core when the bytes that wait were queued: now, if it does not know.
    fn tell_queued(&mut self) {
        if self.queued == Queued::Unknown && !self.outbound.outbox().is_empty() {
            self.queued = Queued::Known;
            self.now = self.clock.now();
            self.outbound.on_written(0, self.now);
        }
    }

    /// When the core must be looked at.
    pub(crate) fn deadline(&mut self) -> Option<Now> {
        self.tell_queued();
        self.outbound.deadline()
    }

    fn release_storage(&mut self) {
        if let Some(storage) = self.outbound.outbox().release() {
            pool::give_write(storage);
        }
    }

    /// The transport takes nothing any more.
    fn fail(&mut self, error: io::Error) {
        self.failure.get_or_insert(error);
        let now = self.clock.now();
        self.outbound.on_write_failed(now);
        self.after_write = AfterWrite::Nothing;
        self.waiters.wake_all();
    }

    fn poll_write_out(&mut self, writable: &impl Fn() -> Waker) -> Poll<io::Result<()>> {
        loop {
            ready!(self.poll_outbox(writable))?;
            ready!(self.poll_after_write(writable))?;
            match self.outbound.poll_shutdown() {
                Some(Shutdown::Close) if self.may_drop() => self.outbound.on_eof(self.now),
                Some(Shutdown::Write | Shutdown::Close) => self.after_write = AfterWrite::Shutdown,
                // The connection has ended: the caller drops the transport.
                Some(Shutdown::Abort) | None => return Poll::Ready(Ok(())),
            }
        }
    }

    /// Whether dropping the transport resets nothing: the system does that where unread bytes wait. What a foreign
    /// stream does is not known, and TLS ends by a message of its own.
    fn may_drop(&self) -> bool {
        let system = self.transport.as_ref().is_some_and(|transport| !transport.is_foreign());
        system && self.behind_close == Rest::Nothing
    }

    fn poll_outbox(&mut self, writable: &impl Fn() -> Waker) -> Poll<io::Result<()>> {
        while !self.outbound.outbox().is_empty() {
            let Some(transport) = &mut self.transport else { break };
            let count = ready!(write(transport, self.outbound.outbox(), writable))?;
            if transport.buffers() {
                self.after_write = AfterWrite::Flush;
            }
            self.wrote(count);
        }
        Poll::Ready(Ok(()))
    }

    fn wrote(&mut self, count: usize) {
        let all = self.outbound.outbox().len() == count;
        // When nothing waits the core has no use for the time.
        if !all {
            self.now = self.clock.now();
        }
        self.outbound.on_written(count, self.now);
        if all {
            self.release_storage();
        }
        self.waiters.wake_senders();
    }

    fn poll_after_write(&mut self, writable: &impl Fn() -> Waker) -> Poll<io::Result<()>> {
        let (Some(transport), true) =
            (&mut self.transport, self.after_write != AfterWrite::Nothing)
        else {
            return Poll::Ready(Ok(()));
        };
        // The system's streams do both at once.
        let waker = if transport.is_foreign() { writable() } else { Waker::noop().clone() };
        let (transport, cx) = (Pin::new(transport), &mut Context::from_waker(&waker));
        ready!(match self.after_write {
            AfterWrite::Nothing => return Poll::Ready(Ok(())),
            AfterWrite::Flush => transport.poll_flush(cx),
            AfterWrite::Shutdown => transport.poll_shutdown(cx),
        })?;
        self.after_write = AfterWrite::Nothing;
        self.waiters.wake_senders();
        Poll::Ready(Ok(()))
    }
}

fn write(
    transport: &mut Transport,
    outbox: &Outbox,
    writable: &impl Fn() -> Waker,
) -> Poll<io::Result<usize>> {
    let front = outbox.chunk();
    let written = if front.len() == outbox.remaining() || !transport.is_write_vectored() {
        write_pieces(transport, &[IoSlice::new(front)], writable)
    } else {
        let mut pieces = [IoSlice::new(&[]); PIECES];
        let filled = outbox.chunks_vectored(&mut pieces);
        write_pieces(transport, &pieces[..filled], writable)
    };
    if let Poll::Ready(Ok(0)) = written {
        return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
    }
    written
}

/// Only a transport that takes nothing at once needs a waker.
#[inline]
fn write_pieces(
    transport: &mut Transport,
    pieces: &[IoSlice<'_>],
    writable: &impl Fn() -> Waker,
) -> Poll<io::Result<usize>> {
    match transport.try_write(pieces) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            let waker = writable();
            transport.poll_write_pieces(&mut Context::from_waker(&waker), pieces)
        }
        written => Poll::Ready(written),
    }
}
