//! The reading half, which also drives the connection.

use super::{
    buffer::ReadBuffer,
    event::Event,
    reader::MessageReader,
    sender::Sender,
    shared::Shared,
    state::State,
    timer::{Clock, Timer},
};
use crate::{error::Error, transport::Transport};
use bytes::{BufMut, Bytes};
use std::{
    future::{Future, poll_fn},
    io,
    pin::{Pin, pin},
    sync::{Arc, MutexGuard},
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};
use wharf_proto::{
    Agreement, CloseCode, CloseReason, Config, Delivery, Ending, Found, Inbound, Message,
    MessageRef, Now, Outbound, Piece, ProtocolError, Role, Stats, Whole,
};

/// The reading half of a WebSocket.
///
/// It drives the connection: while one of its futures is polled, Pings are answered, keep-alive and
/// deadlines run. Dropping it ends the connection with 1001, as far as the transport takes that at once.
pub struct Receiver {
    pub(crate) shared: Arc<Shared>,
    pub(crate) agreement: Arc<Agreement>,
    pub(crate) inbound: Inbound,
    pub(crate) buffer: ReadBuffer,
    timer: Timer,
    clock: Clock,
    now: Now,
    /// The core may have more to give, though no byte is left.
    again: Again,
    end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    No,
    Yes,
}

/// Whether the end was told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Untold,
    Told,
}

/// Which frames the caller wants to see.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watch {
    Data,
    All,
}

/// What the next poll found; it lies where it was found.
pub(crate) enum Next {
    Message(Whole),
    Chunk(Piece),
    Ping(Bytes),
    Pong(Bytes),
}

/// What reading brought.
enum More {
    Bytes,
    Found(Found),
    Ended,
}

impl Receiver {
    pub(crate) fn new(
        transport: Transport,
        role: Role,
        agreement: Agreement,
        leftover: Bytes,
        config: Arc<Config>,
        seed: [u8; 32],
    ) -> Self {
        let clock = Clock::start();
        let now = clock.now();
        let inbound = Inbound::new(role, &agreement, Arc::clone(&config));
        let outbound = Outbound::new(role, &agreement, config, seed, now);
        let shared = Arc::new(Shared::new(State::new(outbound, clock, transport)));
        let (agreement, buffer) = (Arc::new(agreement), ReadBuffer::of(leftover));
        Self {
            shared,
            agreement,
            inbound,
            buffer,
            timer: Timer::default(),
            clock,
            now,
            again: Again::No,
            end: End::Untold,
        }
    }

    /// The next message; `None` when the connection has ended: see [`ending`](Self::ending).
    ///
    /// A short message is a copy of its own, a long one is handed over as it was assembled: neither pins a
    /// buffer. After a protocol error the peer is told why and the connection is closed before the error
    /// returns, within [`Timeouts::close`](crate::Timeouts::close).
    ///
    /// # Errors
    /// The peer broke a rule or passed a limit, fell silent, or the transport failed; then, once, this
    /// error, and `None` from then on.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn recv(&mut self) -> Result<Option<Message>, Error> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// The next message, lent: no allocation, no copy, if it came in one frame and in one read.
    ///
    /// # Errors
    /// As [`recv`](Self::recv); but if a text proves not to be UTF-8 the error returns as soon as the peer
    /// is told, and the next call sees the closing through.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn recv_ref(&mut self) -> Result<Option<MessageRef<'_>>, Error> {
        self.inbound.set_delivery(Delivery::Whole);
        let Some(whole) = poll_fn(|cx| self.poll_whole(cx)).await? else { return Ok(None) };
        let Self { inbound, buffer, shared, end, .. } = self;
        match inbound.lend(whole, buffer.last()) {
            Ok(message) => Ok(Some(message)),
            Err(error) => {
                *end = End::Told;
                fail(shared, error.clone());
                Err(error.into())
            }
        }
    }

    /// The next message, Ping or Pong.
    ///
    /// # Errors
    /// As [`recv`](Self::recv).
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn recv_event(&mut self) -> Result<Option<Event>, Error> {
        self.inbound.set_delivery(Delivery::Whole);
        poll_fn(|cx| self.poll_event(cx, Watch::All)).await
    }

    /// The next message, as a reader of its chunks: for messages larger than memory.
    ///
    /// Limits on the size of messages do not apply to it. Dropping the reader discards the rest of the
    /// message.
    ///
    /// # Errors
    /// As [`recv`](Self::recv).
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn recv_reader(&mut self) -> Result<Option<MessageReader<'_>>, Error> {
        while self.inbound.is_inside_chunks() {
            if poll_fn(|cx| self.poll_next(cx, Watch::Data)).await?.is_none() {
                return Ok(None);
            }
        }
        self.inbound.set_delivery(Delivery::Chunks);
        if let Some(kind) = self.inbound.chunks_kind() {
            return Ok(Some(MessageReader::new(self, kind)));
        }
        match poll_fn(|cx| self.poll_next(cx, Watch::Data)).await? {
            Some(Next::Chunk(piece)) => Ok(Some(MessageReader::new(self, piece.kind()))),
            Some(_) | None => Ok(None),
        }
    }

    /// Drives the connection to its end for those who do not read: Pings are answered, keep-alive and
    /// deadlines run, messages are discarded.
    ///
    /// # Cancel safety
    /// Dropping the future stops the driving, and nothing else.
    pub async fn drive(&mut self) -> Ending {
        loop {
            self.inbound.set_delivery(Delivery::Chunks);
            match poll_fn(|cx| self.poll_next(cx, Watch::Data)).await {
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => {
                    if let Some(ending) = self.ending() {
                        return ending;
                    }
                }
            }
        }
    }

    /// Sends a Close behind what is queued, waits for the peer's, and ends the transport in order (RFC 6455
    /// §7): all within [`Timeouts::close`](crate::Timeouts::close). Messages that come meanwhile are
    /// discarded. If the connection is closing or closed already, waits for its end.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the Close sent or queued; call again, or `recv`, to go on.
    pub async fn close(&mut self, reason: impl Into<CloseReason>) -> Ending {
        self.sender().close(reason);
        self.drive().await
    }

    /// A handle for sending, for this or another task.
    pub fn sender(&self) -> Sender {
        Sender::new(Arc::clone(&self.shared))
    }

    /// How the connection ended, once it has.
    pub fn ending(&self) -> Option<Ending> {
        self.shared.lock().outbound.ending().cloned()
    }

    /// What the opening handshake settled.
    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// Counters.
    pub fn stats(&self) -> Stats {
        Stats::new(*self.inbound.stats(), *self.shared.lock().outbound.stats())
    }

    pub(crate) fn poll_recv(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Message>, Error>> {
        self.inbound.set_delivery(Delivery::Whole);
        loop {
            let Some(whole) = ready!(self.poll_whole(cx))? else { return Poll::Ready(Ok(None)) };
            if let Some(message) = self.take(whole) {
                return Poll::Ready(Ok(Some(message)));
            }
        }
    }

    fn poll_event(
        &mut self,
        cx: &mut Context<'_>,
        watch: Watch,
    ) -> Poll<Result<Option<Event>, Error>> {
        loop {
            let event = match ready!(self.poll_next(cx, watch))? {
                None => return Poll::Ready(Ok(None)),
                Some(Next::Message(whole)) => self.take(whole).map(Event::Message),
                Some(Next::Ping(payload)) => Some(Event::Ping(payload)),
                Some(Next::Pong(payload)) => Some(Event::Pong(payload)),
                Some(Next::Chunk(_)) => None,
            };
            if let Some(event) = event {
                return Poll::Ready(Ok(Some(event)));
            }
        }
    }

    /// The next message that is delivered whole; what is left of one that is read in chunks is discarded.
    fn poll_whole(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Whole>, Error>> {
        loop {
            match ready!(self.poll_next(cx, Watch::Data))? {
                None => return Poll::Ready(Ok(None)),
                Some(Next::Message(whole)) => return Poll::Ready(Ok(Some(whole))),
                Some(Next::Chunk(_) | Next::Ping(_) | Next::Pong(_)) => {}
            }
        }
    }

    /// `None` if it proves not to be what it says; the connection has failed then.
    fn take(&mut self, whole: Whole) -> Option<Message> {
        match self.inbound.take(whole, self.buffer.last()) {
            Ok(message) => Some(message),
            Err(error) => {
                fail(&self.shared, error);
                None
            }
        }
    }

    /// The one loop: decode what is here, then write, tell the time, read.
    pub(crate) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        watch: Watch,
    ) -> Poll<Result<Option<Next>, Error>> {
        loop {
            while self.buffer.has_unread() || self.again == Again::Yes {
                let progress = self.inbound.advance(self.buffer.unread(), self.now);
                self.buffer.consume(progress.used);
                self.again = if progress.found.is_some() { Again::Yes } else { Again::No };
                if let Some(next) = progress.found.and_then(|found| self.meet(found, watch)) {
                    self.shared.set_batch(self.buffer.has_unread());
                    return Poll::Ready(Ok(Some(next)));
                }
            }
            match ready!(self.poll_more(cx))? {
                More::Bytes => {}
                More::Found(found) => {
                    self.again = Again::Yes;
                    if let Some(next) = self.meet(found, watch) {
                        return Poll::Ready(Ok(Some(next)));
                    }
                }
                More::Ended => return Poll::Ready(Ok(None)),
            }
        }
    }

    /// Lets the deadlines run for a caller that waits without reading.
    pub(crate) fn poll_timers(&mut self, cx: &mut Context<'_>) {
        let Self { shared, timer, clock, .. } = self;
        run_timers(&mut shared.lock(), shared, timer, *clock, cx);
    }

    /// Hands data on, and tells the writing half of the rest.
    fn meet(&mut self, found: Found, watch: Watch) -> Option<Next> {
        let seen = |payload: &[u8]| (watch == Watch::All).then(|| Bytes::copy_from_slice(payload));
        match found {
            Found::Message(whole) => Some(Next::Message(whole)),
            Found::Chunk(piece) => Some(Next::Chunk(piece)),
            Found::Ping(place) => {
                let payload = self.inbound.payload(&place, self.buffer.last());
                self.tell(|outbound, now| outbound.on_ping(payload, now));
                seen(payload).map(Next::Ping)
            }
            Found::Pong(place) => {
                let payload = self.inbound.payload(&place, self.buffer.last());
                self.tell(|outbound, now| outbound.on_pong(payload, now));
                self.shared.lock().wake_waiting();
                seen(payload).map(Next::Pong)
            }
            Found::Close(reason) => {
                self.tell(|outbound, now| outbound.on_close(reason, now));
                None
            }
            Found::Failed(error) => {
                fail(&self.shared, error);
                None
            }
            _ => None,
        }
    }

    /// What this queues leaves at the end of the batch, or when the task yields.
    fn tell(&self, tell: impl FnOnce(&mut Outbound, Now)) {
        let mut state = self.shared.lock();
        tell(&mut state.outbound, self.now);
        if self.buffer.has_unread() && !state.outbound.outbox().is_empty() {
            self.shared.defer(state);
        }
    }

    /// Nothing is left to decode: writes, tells the time, and reads.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<Result<More, Error>> {
        self.buffer.release();
        self.shared.set_batch(false);
        let Self { shared, inbound, buffer, timer, clock, now, end, .. } = self;
        let mut state = shared.lock();
        state.flush(shared);
        run_timers(&mut state, shared, timer, *clock, cx);
        let Some(transport) = &mut state.transport else {
            return Poll::Ready(told(&mut state, end));
        };
        let read = match inbound.landing() {
            Some(mut room) => {
                let before = room.remaining_mut();
                let read = pin!(transport.read_buf(&mut room)).poll(cx);
                let count = before - room.remaining_mut();
                read.map_ok(|_| Landed::There(count))
            }
            None => poll_read(transport, buffer.room(), cx).map_ok(Landed::Here),
        };
        if read.is_pending() {
            buffer.release();
            state.register_reader(cx.waker());
            // A transport may have replaced the writer's waker by ours: the last word is the writer's.
            if !state.outbound.outbox().is_empty() {
                state.flush(shared);
            }
        }
        *now = clock.now();
        let found = match ready!(read) {
            Ok(Landed::Here(0) | Landed::There(0)) => {
                state.outbound.on_eof(*now);
                state.flush(shared);
                return Poll::Ready(told(&mut state, end));
            }
            Ok(Landed::Here(count)) => {
                buffer.filled(count);
                None
            }
            Ok(Landed::There(count)) => inbound.landed(count),
            Err(error) => {
                read_failed(&mut state, error, *now);
                return Poll::Ready(told(&mut state, end));
            }
        };
        state.outbound.on_bytes(*now);
        Poll::Ready(Ok(found.map_or(More::Bytes, More::Found)))
    }
}

/// Does what is due, and arms the timer for what will be.
fn run_timers(
    state: &mut State,
    shared: &Arc<Shared>,
    timer: &mut Timer,
    clock: Clock,
    cx: &mut Context<'_>,
) {
    while let Some(deadline) = state.outbound.deadline() {
        if timer.poll(deadline, clock, cx).is_pending() {
            return;
        }
        state.outbound.handle_timeout(clock.now());
        state.flush(shared);
    }
}

/// Where bytes were read to, and how many.
enum Landed {
    Here(usize),
    There(usize),
}

fn poll_read(
    transport: &mut Transport,
    room: &mut [u8],
    cx: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    let mut room = ReadBuf::new(room);
    ready!(Pin::new(transport).poll_read(cx, &mut room))?;
    Poll::Ready(Ok(room.filled().len()))
}

/// The input failed: that is its end. A TLS peer that leaves without a close_notify, or a reset after the
/// closing handshake, says no more than a bare end.
fn read_failed(state: &mut State, error: io::Error, now: Now) {
    if error.kind() != io::ErrorKind::UnexpectedEof {
        state.failure.get_or_insert(error);
    }
    state.outbound.on_eof(now);
    state.end();
}

/// The end, with its fault the first time.
fn told(state: &mut State, end: &mut End) -> Result<More, Error> {
    state.end();
    if *end == End::Told {
        return Ok(More::Ended);
    }
    *end = End::Told;
    if let Some(fault) = state.outbound.fault() {
        return Err(fault.clone().into());
    }
    // Whoever has said good-bye has ended the connection, whatever became of our answer.
    let closed = state.outbound.ending().is_some_and(|ending| ending.code() != 1006);
    match state.failure.take() {
        Some(error) if !closed => Err(Error::io(error)),
        Some(_) | None => Ok(More::Ended),
    }
}

/// Tells the peer what it did wrong, at once.
fn fail(shared: &Arc<Shared>, error: ProtocolError) {
    let mut state = shared.lock();
    let now = state.clock.now();
    state.outbound.fail(error, now);
    state.flush(shared);
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let mut state: MutexGuard<'_, State> = self.shared.lock();
        if state.transport.is_none() {
            return;
        }
        let now = state.clock.now();
        state.outbound.close(Some(CloseCode::GOING_AWAY.into()), now);
        state.flush(&self.shared);
        state.outbound.on_eof(now);
        state.end();
    }
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiver")
            .field("agreement", &self.agreement)
            .field("ending", &self.ending())
            .finish_non_exhaustive()
    }
}
