//! What reader and writers share: the writing half of the core, and the transport.

use super::{pool, shared::Shared, timer::Clock};
use crate::transport::Transport;
use bytes::Buf;
use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};
use tokio::io::AsyncWrite;
use wharf_proto::{Outbound, Shutdown};

/// Behind the lock of [`Shared`].
pub(crate) struct State {
    pub(crate) outbound: Outbound,
    pub(crate) clock: Clock,
    /// `None` once the connection has ended.
    pub(crate) transport: Option<Transport>,
    /// Why the transport failed.
    pub(crate) failure: Option<io::Error>,
    /// A flush was put off to the end of the task's turn.
    pub(crate) deferred: bool,
    after_write: AfterWrite,
    /// Who drives the connection.
    reader: Option<Waker>,
    /// Who waits for room, for a flush, for a Pong or for the end.
    waiting: Vec<Waker>,
}

/// What is left to do when all is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AfterWrite {
    Nothing,
    Flush,
    Shutdown,
}

/// Pieces of one vectored write.
const PIECES: usize = 16;

impl State {
    pub(crate) const fn new(outbound: Outbound, clock: Clock, transport: Transport) -> Self {
        Self {
            outbound,
            clock,
            transport: Some(transport),
            failure: None,
            deferred: false,
            after_write: AfterWrite::Nothing,
            reader: None,
            waiting: Vec::new(),
        }
    }

    /// Gives the outbox storage of the thread's, if it has none.
    pub(crate) fn lend_storage(&mut self) {
        let outbox = self.outbound.outbox();
        if !outbox.has_storage() {
            outbox.lend(pool::take_write());
        }
    }

    /// Writes what the transport takes now; the rest goes when it takes more, whoever is polled by then.
    pub(crate) fn flush(&mut self, shared: &Arc<Shared>) {
        self.deferred = false;
        match self.poll_write_out(shared) {
            Poll::Ready(Ok(())) | Poll::Pending => {}
            Poll::Ready(Err(error)) => self.fail(error),
        }
        if self.outbound.ending().is_some() {
            self.end();
        }
    }

    /// Whether all that was accepted was handed to the system.
    pub(crate) fn is_flushed(&mut self) -> bool {
        self.after_write == AfterWrite::Nothing && self.outbound.outbox().is_empty()
    }

    /// The transport failed.
    pub(crate) fn fail(&mut self, error: io::Error) {
        self.failure.get_or_insert(error);
        let now = self.clock.now();
        self.outbound.on_write_failed(now);
        self.after_write = AfterWrite::Nothing;
        self.wake_all();
    }

    /// The connection has ended: drops the transport.
    pub(crate) fn end(&mut self) {
        self.transport = None;
        if let Some(storage) = self.outbound.outbox().release() {
            pool::give_write(storage);
        }
        self.wake_all();
    }

    /// `waker` is told when something happened that the one who drives must look at.
    pub(crate) fn register_reader(&mut self, waker: &Waker) {
        match &mut self.reader {
            Some(reader) => reader.clone_from(waker),
            None => self.reader = Some(waker.clone()),
        }
    }

    /// `waker` is told of progress.
    pub(crate) fn register_waiting(&mut self, waker: &Waker) {
        if !self.waiting.iter().any(|waiting| waiting.will_wake(waker)) {
            self.waiting.push(waker.clone());
        }
    }

    pub(crate) fn wake_reader(&self) {
        if let Some(reader) = &self.reader {
            reader.wake_by_ref();
        }
    }

    pub(crate) fn wake_waiting(&mut self) {
        for waiting in self.waiting.drain(..) {
            waiting.wake();
        }
    }

    fn wake_all(&mut self) {
        self.wake_reader();
        self.wake_waiting();
    }

    fn poll_write_out(&mut self, shared: &Arc<Shared>) -> Poll<io::Result<()>> {
        loop {
            while !self.outbound.outbox().is_empty() {
                let Some(transport) = &mut self.transport else { return Poll::Ready(Ok(())) };
                let outbox = self.outbound.outbox();
                let count = std::task::ready!(shared.poll_io(|cx| write(transport, outbox, cx)))?;
                if transport.buffers() {
                    self.after_write = AfterWrite::Flush;
                }
                self.wrote(count);
            }
            std::task::ready!(self.poll_after_write(shared))?;
            match self.outbound.poll_shutdown() {
                Some(Shutdown::Write) => self.after_write = AfterWrite::Shutdown,
                Some(Shutdown::Abort) => self.transport = None,
                None => return Poll::Ready(Ok(())),
            }
        }
    }

    fn wrote(&mut self, count: usize) {
        let now = self.clock.now();
        self.outbound.on_written(count, now);
        if self.outbound.outbox().is_empty()
            && let Some(storage) = self.outbound.outbox().release()
        {
            pool::give_write(storage);
        }
        if !self.waiting.is_empty() {
            self.wake_waiting();
        }
    }

    fn poll_after_write(&mut self, shared: &Arc<Shared>) -> Poll<io::Result<()>> {
        let Some(transport) = &mut self.transport else { return Poll::Ready(Ok(())) };
        let done = match self.after_write {
            AfterWrite::Nothing => return Poll::Ready(Ok(())),
            AfterWrite::Flush => shared.poll_io(|cx| Pin::new(&mut *transport).poll_flush(cx)),
            AfterWrite::Shutdown => {
                shared.poll_io(|cx| Pin::new(&mut *transport).poll_shutdown(cx))
            }
        };
        std::task::ready!(done)?;
        self.after_write = AfterWrite::Nothing;
        self.wake_waiting();
        Poll::Ready(Ok(()))
    }
}

fn write(
    transport: &mut Transport,
    outbox: &wharf_proto::Outbox,
    cx: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    let transport = Pin::new(transport);
    let written = if transport.is_write_vectored() && outbox.chunk().len() < outbox.remaining() {
        let mut pieces = [IoSlice::new(&[]); PIECES];
        let filled = outbox.chunks_vectored(&mut pieces);
        transport.poll_write_vectored(cx, &pieces[..filled])
    } else {
        transport.poll_write(cx, outbox.chunk())
    };
    match written {
        Poll::Ready(Ok(0)) => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
        written => written,
    }
}
