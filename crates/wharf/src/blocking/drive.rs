//! The loop that drives a connection: decode, write, tell the time, read. It is the twin of the async one.

use super::{
    clock::Clock,
    raw::Input,
    shared::Shared,
    state::{State, Turn},
    tls::Sealed,
    transport::Transport,
};
use crate::{
    entropy::spread_lifetime,
    error::Error,
    observe::{connection::Observer, span::ConnectionSpan},
    socket::buffer::ReadBuffer,
};
use bytes::Bytes;
use std::{
    io::{self, ErrorKind},
    sync::Arc,
};
use wharf_proto::{
    Agreement, CloseCode, Config, EndedBy, Found, Inbound, Message, MessageRef, Now, Outbound,
    Piece, ProtocolError, Role, Stats, Whole,
};

/// What the one who reads owns: the reading half of the core, and its buffers.
pub(crate) struct Drive {
    pub(crate) shared: Arc<Shared>,
    pub(crate) inbound: Inbound,
    pub(crate) agreement: Agreement,
    buffer: ReadBuffer,
    sealed: Sealed,
    /// When the bytes in the buffer came.
    came: Now,
    again: Again,
    answer: Answer,
    end: End,
    left: Left,
    observer: Observer,
}

/// Whether the core may have more to give, though no byte is left.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    No,
    Yes,
}

/// Whether the writing half was told something that it may answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    None,
    Due,
}

/// Whether the end was told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Untold,
    Told,
}

/// Whether those who watch it know that it has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    No,
    Yes,
}

/// Which frames the caller wants to see.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watch {
    Data,
    All,
}

/// What was found; data lies where it was found, until the next call.
pub(crate) enum Next {
    Message(Whole),
    Chunk(Piece),
    Ping(Bytes),
    Pong(Bytes),
}

/// What a handshake leaves.
pub(crate) struct Opened {
    pub(crate) transport: Transport,
    pub(crate) sealed: Sealed,
    pub(crate) agreement: Agreement,
    /// The first frames, if they came along.
    pub(crate) leftover: Bytes,
}

impl Drive {
    pub(crate) fn new(opened: Opened, role: Role, config: Arc<Config>, seed: [u8; 32]) -> Self {
        let Opened { transport, sealed, agreement, leftover } = opened;
        let clock = Clock::start();
        let came = clock.now();
        let inbound = Inbound::new(role, &agreement, Arc::clone(&config));
        let mut outbound = Outbound::new(role, &agreement, Arc::clone(&config), seed, came);
        spread_lifetime(&mut outbound);
        let observer = Observer::open(role, transport.kind());
        let span = ConnectionSpan::open(role, &agreement);
        Self {
            shared: Shared::new(outbound, clock, transport, &config, span),
            inbound,
            agreement,
            buffer: ReadBuffer::of(leftover),
            sealed,
            came,
            again: Again::No,
            answer: Answer::None,
            end: End::Untold,
            left: Left::No,
            observer,
        }
    }

    /// The next thing that the caller wants to see; `None` at the end.
    pub(crate) fn next(&mut self, watch: Watch) -> Result<Option<Next>, Error> {
        loop {
            if let Some(next) = self.decode(watch) {
                self.answer();
                return Ok(Some(next));
            }
            if let Some(at) = self.inbound.resume_at(self.came) {
                self.pause(at);
                continue;
            }
            self.buffer.release();
            if self.read().is_none() {
                self.buffer.release();
                return self.tell_end().map(|()| None);
            }
        }
    }

    /// Takes a message; `None` if it proves not to be what it says, and the connection has failed then.
    pub(crate) fn take(&mut self, whole: Whole) -> Option<Message> {
        let taken = self.inbound.take(whole, self.buffer.last());
        taken.map_err(|error| fail(&self.shared, error)).ok()
    }

    /// Lends a message; on an error the connection has failed, and the end is told.
    pub(crate) fn lend(&mut self, whole: Whole) -> Result<MessageRef<'_>, Error> {
        let lent = self.inbound.lend(whole, self.buffer.last());
        lent.map_err(|error| {
            self.end = End::Told;
            fail(&self.shared, error.clone());
            error.into()
        })
    }

    /// The bytes of a chunk that was found last.
    pub(crate) fn piece(&self, piece: &Piece) -> &[u8] {
        self.inbound.payload(piece.place(), self.buffer.last())
    }

    pub(crate) fn stats(&self) -> Stats {
        Stats::new(self.inbound.stats(), self.shared.lock().outbound.stats())
    }

    /// What the bytes that are here hold.
    fn decode(&mut self, watch: Watch) -> Option<Next> {
        while self.buffer.has_unread() || self.again == Again::Yes {
            let progress = self.inbound.advance(self.buffer.unread(), self.came);
            self.buffer.consume(progress.used);
            self.again = if progress.found.is_some() { Again::Yes } else { Again::No };
            let next = progress.found.and_then(|found| self.meet(found, watch));
            if next.is_some() {
                return next;
            }
            if self.again == Again::No && self.inbound.resume_at(self.came).is_some() {
                break;
            }
        }
        None
    }

    /// Hands data on, and tells the writing half of the rest.
    fn meet(&mut self, found: Found, watch: Watch) -> Option<Next> {
        let seen = |payload: &[u8]| (watch == Watch::All).then(|| Bytes::copy_from_slice(payload));
        let now = self.shared.clock.now();
        match found {
            Found::Message(whole) => return Some(Next::Message(whole)),
            Found::Chunk(piece) => return Some(Next::Chunk(piece)),
            Found::Ping(place) => {
                let payload = self.inbound.payload(&place, self.buffer.last());
                self.shared.lock().outbound.on_ping(payload, now);
                self.answer = Answer::Due;
                return seen(payload).map(Next::Ping);
            }
            Found::Pong(place) => {
                let payload = self.inbound.payload(&place, self.buffer.last());
                let outbound = &mut self.shared.lock().outbound;
                Observer::pong(outbound.role(), outbound.on_pong(payload, self.came));
                self.shared.tell();
                return seen(payload).map(Next::Pong);
            }
            Found::Close(reason) => {
                let code = reason.as_ref().map(|reason| reason.code().get());
                if self.shared.lock().outbound.is_open() {
                    self.shared.span.closing(EndedBy::Peer, code);
                }
                let mut state = self.shared.lock();
                state.outbound.on_close(reason, now);
                state.behind_close = self.buffer.rest();
                drop(state);
                self.shared.tell();
                self.answer = Answer::Due;
            }
            Found::Failed(error) => fail(&self.shared, error),
            _ => {}
        }
        None
    }

    /// An answer leaves before the caller gets what came behind it: the caller may take its time.
    fn answer(&mut self) {
        if self.answer == Answer::Due {
            self.answer = Answer::None;
            drop(glance(&self.shared));
        }
    }

    /// Nothing is left to decode: waits for bytes, while deadlines run and what waits is written. `None`: the
    /// connection has ended.
    fn read(&mut self) -> Option<()> {
        loop {
            self.answer = Answer::None;
            let within = {
                let mut state = glance(&self.shared);
                if state.ending().is_some() {
                    state.end(&self.shared.transport);
                    self.shared.tell();
                    return None;
                }
                self.shared.reading_time(&state)
            };
            let room = self.buffer.room();
            let read = self.shared.transport.read(&mut self.sealed, room, within);
            if self.take_in(read) {
                return Some(());
            }
        }
    }

    /// Waits until what came may be decoded, while deadlines run and what waits is written; no longer than somebody
    /// reads for its content.
    fn pause(&mut self, at: Now) {
        loop {
            let mut state = glance(&self.shared);
            self.came = self.shared.clock.now();
            if self.came >= at || !state.outbound.is_open() || state.is_gone() {
                if !state.outbound.is_open() {
                    self.inbound.lift_rate();
                }
                state.outbound.resume();
                state.outbound.on_bytes(self.came);
                self.again = Again::Yes;
                return;
            }
            state.outbound.pause(at);
            let most = self.shared.reading_time(&state).min(at - self.came);
            state = self.shared.wait(state, most);
            let now = self.shared.clock.now();
            if state.outbound.deadline().is_some_and(|deadline| deadline <= now) {
                self.shared.time_out(&mut state, now);
            }
        }
    }

    /// Whether there is something to decode.
    fn take_in(&mut self, read: io::Result<Input>) -> bool {
        let now = self.shared.clock.now();
        let mut state = self.shared.lock();
        let count = match read {
            Ok(Input::Bytes(count)) => count,
            Ok(Input::Nothing) => 0,
            Ok(Input::End) => {
                state = self.shared.await_sender(state);
                state.outbound.on_eof(now);
                return false;
            }
            Err(error) => {
                fail_input(&mut state, error, now);
                return false;
            }
        };
        if count > 0 {
            state.outbound.on_bytes(now);
        }
        // A peer that never pauses does not keep a deadline from coming.
        let open = state.outbound.is_open();
        if state.outbound.deadline().is_some_and(|deadline| deadline <= now) {
            self.shared.time_out(&mut state, now);
        }
        let lived = open && !state.outbound.is_open() && state.outbound.fault().is_none();
        self.observer.look(now, &self.inbound, &state.outbound);
        drop(state);
        if lived {
            self.shared.span.closing(EndedBy::Local, Some(CloseCode::GOING_AWAY.get()));
        }
        if count > 0 {
            self.buffer.filled(count);
            self.came = now;
        }
        count > 0
    }

    /// The connection may have ended.
    fn observe_end(&mut self) {
        if self.left == Left::Yes {
            return;
        }
        let note = {
            let state = self.shared.lock();
            let (outbound, failure) = (&state.outbound, state.failure.as_ref());
            Observer::note(&self.inbound, outbound, failure, self.shared.clock.now())
        };
        if let Some(note) = note {
            self.left = Left::Yes;
            self.observer.end(&self.shared.span, note);
        }
    }

    /// The end, with its error the first time.
    fn tell_end(&mut self) -> Result<(), Error> {
        self.observe_end();
        let mut state = self.shared.lock();
        if self.end == End::Told {
            return Ok(());
        }
        self.end = End::Told;
        if let Some(fault) = state.outbound.fault() {
            return Err(fault.clone().into());
        }
        // Whoever has said good-bye has ended the connection, whatever became of our answer.
        let closed = state.ending().is_some_and(|ending| ending.code() != 1006);
        match state.failure.take() {
            Some(error) if !closed => Err(Error::io(error)),
            Some(_) | None => Ok(()),
        }
    }
}

/// A TLS peer that leaves without a `close_notify` says no more than a bare end.
fn fail_input(state: &mut State, error: io::Error, now: Now) {
    if error.kind() != ErrorKind::UnexpectedEof {
        state.failure.get_or_insert(error);
    }
    state.outbound.on_eof(now);
}

/// Writes what the transport takes at once, if nobody else writes.
fn glance(shared: &Shared) -> super::shared::Guard<'_> {
    shared.write(shared.lock(), Turn::Reader, |state| state.waiting > 0)
}

/// Tells the peer what it did wrong, at once.
fn fail(shared: &Shared, error: ProtocolError) {
    shared.lock().outbound.fail(error, shared.clock.now());
    shared.tell();
    drop(glance(shared));
}

impl Drop for Drive {
    fn drop(&mut self) {
        self.shared.shut_down(CloseCode::GOING_AWAY.into());
        self.observe_end();
    }
}
