//! Behind the one lock of a connection: the writing half of the core, and what is on its way out.

use super::transport::Transport;
use crate::socket::{buffer::Rest, pool};
use bytes::Buf;
use std::io;
use wharf_proto::{End, Ending, NotSent, Now, Outbound, Outgoing, Shutdown, WhyNot};

/// What reader and writers share.
pub(crate) struct State {
    pub(crate) outbound: Outbound,
    /// Why the transport failed.
    pub(crate) failure: Option<io::Error>,
    pub(crate) flight: Flight,
    /// Who writes.
    pub(crate) turn: Turn,
    /// Threads that wait for [`Shared::changed`](super::shared::Shared).
    pub(crate) waiting: usize,
    /// When the transport took bytes last, or was given the first.
    pub(crate) progress: Now,
    /// What came behind the peer's Close.
    pub(crate) behind_close: Rest,
    farewell: Farewell,
}

/// Bytes that were taken out of the outbox to be written without the lock.
#[derive(Default)]
pub(crate) struct Flight {
    wire: Vec<u8>,
    start: usize,
    /// Bytes of the outbox that are in here and that the core was not told of yet.
    owed: usize,
}

/// Who writes: one at a time, for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Free,
    /// It waits until the transport takes the bytes.
    Sender,
    /// It looks whether the transport takes bytes, and goes on reading.
    Reader,
}

/// How far our direction is from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Farewell {
    /// Frames may follow.
    Open,
    /// What is in flight is the last.
    Said,
    /// It was ended.
    Done,
    /// The transport was cut.
    Gone,
}

/// So much is written at once.
const FLIGHT: usize = 64 << 10;

impl Flight {
    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.wire.len()
    }

    pub(crate) fn rest(&self) -> &[u8] {
        &self.wire[self.start..]
    }

    /// Empty, with storage of the thread's.
    fn begin(&mut self) {
        if self.wire.capacity() == 0 {
            self.wire = pool::take_write();
        }
    }

    fn clear(&mut self) {
        (self.start, self.owed) = (0, 0);
        let mut storage = std::mem::take(&mut self.wire);
        storage.clear();
        pool::give_write(storage);
    }
}

impl State {
    pub(crate) const fn new(outbound: Outbound, now: Now) -> Self {
        let flight = Flight { wire: Vec::new(), start: 0, owed: 0 };
        Self {
            outbound,
            failure: None,
            flight,
            turn: Turn::Free,
            waiting: 0,
            progress: now,
            behind_close: Rest::Perhaps,
            farewell: Farewell::Open,
        }
    }

    /// Accepts a message, or gives it back.
    pub(crate) fn queue<'a>(&mut self, message: Outgoing<'a>, now: Now) -> Result<(), NotSent<'a>> {
        self.lend_storage();
        self.outbound.send(message, now)
    }

    /// Accepts a fragment, or tells why not.
    pub(crate) fn queue_fragment(
        &mut self,
        bytes: &[u8],
        end: End,
        now: Now,
    ) -> Result<(), WhyNot> {
        self.lend_storage();
        self.outbound.write_fragment(bytes, end, now)
    }

    /// All bytes that the transport took so far.
    pub(crate) fn written(&self) -> u64 {
        self.outbound.stats().wire_bytes
    }

    /// What [`written`](Self::written) will be when everything that waits now was written.
    pub(crate) fn goal(&self) -> u64 {
        self.written() + self.outbound.queued_bytes() as u64
    }

    /// Whether anything waits to be written.
    pub(crate) fn has_bytes(&self) -> bool {
        !self.flight.is_empty() || self.outbound.queued_bytes() > 0
    }

    /// Whether a thread that has the turn may find something to do.
    pub(crate) fn wants_turn(&self, transport: &Transport) -> bool {
        self.turn == Turn::Free
            && (self.has_bytes() || !self.outbound.is_open() || transport.has_records())
    }

    /// Whether something that was accepted may never have been handed to the system.
    pub(crate) fn is_lost(&self) -> bool {
        self.failure.is_some() || self.outbound.fault().is_some() || self.ending().is_some()
    }

    pub(crate) fn ending(&self) -> Option<&Ending> {
        self.outbound.ending()
    }

    /// Whether the transport was cut.
    pub(crate) fn is_gone(&self) -> bool {
        self.farewell == Farewell::Gone
    }

    /// Takes the next bytes to write into the flight; false if there are none.
    ///
    /// The first byte is told as written when its write begins: so the core puts nothing ahead of what is in flight
    /// while this thread does not hold the lock.
    pub(crate) fn load(&mut self, transport: &Transport, now: Now) -> io::Result<bool> {
        loop {
            if self.is_gone() || !self.flight.is_empty() {
                return Ok(!self.is_gone());
            }
            self.flight.begin();
            transport.drain(&mut self.flight.wire)?;
            if self.farewell == Farewell::Said && self.flight.is_empty() {
                transport.end_writing()?;
                self.farewell = Farewell::Done;
            }
            if self.flight.is_empty() && !self.load_frames(transport, now)? {
                match self.outbound.poll_shutdown() {
                    Some(Shutdown::Close) if self.may_drop(transport) => self.outbound.on_eof(now),
                    Some(Shutdown::Write | Shutdown::Close) => self.say_goodbye(transport)?,
                    Some(Shutdown::Abort) => self.end(transport),
                    None => {
                        self.flight.clear();
                        return Ok(false);
                    }
                }
            }
        }
    }

    /// Whether cutting the transport resets nothing: the system does that where unread bytes wait. What a foreign
    /// stream does is not known, and TLS ends by a message of its own.
    fn may_drop(&self, transport: &Transport) -> bool {
        transport.is_system() && self.behind_close == Rest::Nothing
    }

    fn load_frames(&mut self, transport: &Transport, now: Now) -> io::Result<bool> {
        let outbox = self.outbound.outbox();
        let chunk = outbox.chunk();
        let chunk = &chunk[..chunk.len().min(FLIGHT)];
        if chunk.is_empty() {
            return Ok(false);
        }
        let count = transport.seal(chunk, &mut self.flight.wire)?;
        self.flight.owed = count.saturating_sub(1);
        self.took(count.min(1), now);
        Ok(true)
    }

    fn say_goodbye(&mut self, transport: &Transport) -> io::Result<()> {
        self.farewell = Farewell::Said;
        transport.say_goodbye(&mut self.flight.wire)
    }

    /// The transport took so many bytes of the flight.
    pub(crate) fn wrote(&mut self, count: usize, now: Now) {
        self.flight.start += count;
        let mut told = 0;
        if self.flight.is_empty() {
            told = self.flight.owed;
            self.flight.clear();
        }
        self.took(told, now);
        if self.outbound.outbox().is_empty() {
            self.release_storage();
        }
    }

    fn took(&mut self, count: usize, now: Now) {
        self.progress = now;
        // A connection that was given up has dropped what was in flight.
        if count <= self.outbound.outbox().len() {
            self.outbound.on_written(count, now);
        }
    }

    /// The transport takes nothing any more.
    pub(crate) fn fail(&mut self, error: io::Error, now: Now) {
        self.failure.get_or_insert(error);
        self.flight.clear();
        if self.farewell == Farewell::Said {
            self.farewell = Farewell::Done;
        }
        self.outbound.on_write_failed(now);
    }

    /// The connection has ended.
    pub(crate) fn end(&mut self, transport: &Transport) {
        if !self.is_gone() {
            self.farewell = Farewell::Gone;
            transport.cut();
            self.release_storage();
        }
        self.flight.clear();
    }

    fn lend_storage(&mut self) {
        let outbox = self.outbound.outbox();
        if !outbox.has_storage() {
            outbox.lend(pool::take_write());
        }
    }

    fn release_storage(&mut self) {
        if let Some(storage) = self.outbound.outbox().release() {
            pool::give_write(storage);
        }
    }
}
