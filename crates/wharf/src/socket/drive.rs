//! The loop that drives a connection: decode, write, tell the time, read.

use super::{
    buffer::ReadBuffer,
    clock::Clock,
    input,
    shared::{Batch, Shared},
    state::Looked,
    timer::Timer,
};
use crate::{
    drain::pass::Passes,
    entropy::spread_lifetime,
    error::Error,
    observe::{connection::Observer, span::ConnectionSpan},
    transport::Transport,
};
use bytes::Bytes;
use std::{
    sync::Arc,
    task::{Context, Poll, ready},
};
use wharf_proto::{
    Agreement, CloseCode, Config, EndedBy, Found, Inbound, Message, MessageRef, Now, Outbound,
    Piece, ProtocolError, Role, Stats, Whole,
};

/// What the one who drives owns: the reading half of the core, its buffer, and the timer.
pub(crate) struct Drive {
    pub(crate) shared: Arc<Shared>,
    pub(crate) inbound: Inbound,
    agreement: Option<Box<Agreement>>,
    buffer: ReadBuffer,
    pub(super) timer: Timer,
    /// When the bytes in the buffer came.
    pub(super) came: Now,
    again: Again,
    end: End,
    left: Left,
    observer: Observer,
    /// What counts this socket as open.
    pub(crate) passes: Passes,
}

/// What most connections agree on: nothing.
static PLAIN: Agreement = Agreement::plain();

/// Whether the core may have more to give, though no byte is left.
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

/// Whether those who watch and count it know that it has ended.
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

/// What was found; data lies where it was found, until the next poll.
pub(crate) enum Next {
    Message(Whole),
    Chunk(Piece),
    Ping(Bytes),
    Pong(Bytes),
}

/// What reading brought.
enum More {
    Bytes,
    /// The core, without a byte more.
    Again,
    Found(Found),
}

impl Drive {
    pub(crate) fn new(
        transport: Transport,
        role: Role,
        agreement: Agreement,
        leftover: Bytes,
        config: Arc<Config>,
        seed: [u8; 32],
    ) -> Self {
        let (clock, came) = (Clock::start(), Now::default());
        let inbound = Inbound::new(role, &agreement, Arc::clone(&config));
        let mut outbound = Outbound::new(role, &agreement, config, seed, came);
        spread_lifetime(&mut outbound);
        let observer = Observer::open(role, transport.kind());
        let span = ConnectionSpan::open(role, &agreement);
        let shared = Shared::new(outbound, clock, transport, span);
        let (buffer, timer) = (ReadBuffer::of(leftover), Timer::default());
        let agreement = (agreement != PLAIN).then(|| Box::new(agreement));
        let (again, end, left, passes) = (Again::No, End::Untold, Left::No, Passes::None);
        Self { shared, inbound, agreement, buffer, timer, came, again, end, left, observer, passes }
    }

    /// The next thing that the caller wants to see; `None` at the end.
    #[inline]
    pub(crate) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        watch: Watch,
    ) -> Poll<Result<Option<Next>, Error>> {
        match self.decode(watch) {
            Some(next) => Poll::Ready(Ok(Some(next))),
            None => self.poll_read_next(cx, watch),
        }
    }

    /// The same when all that was read is decoded.
    #[inline(never)]
    fn poll_read_next(
        &mut self,
        cx: &mut Context<'_>,
        watch: Watch,
    ) -> Poll<Result<Option<Next>, Error>> {
        loop {
            let found = match ready!(self.poll_more(cx)) {
                Some(More::Bytes) => None,
                Some(More::Again) => {
                    self.again = Again::Yes;
                    None
                }
                Some(More::Found(found)) => {
                    self.again = Again::Yes;
                    self.meet(found, watch)
                }
                None => return Poll::Ready(self.tell_end().map(|()| None)),
            };
            if let Some(next) = found.or_else(|| self.decode(watch)) {
                return Poll::Ready(Ok(Some(next)));
            }
        }
    }

    /// For a caller that waits without reading: lets the deadlines run. Whatever comes is a sign of life,
    /// and so is what came and was not looked at.
    pub(crate) fn poll_waiting(&mut self, cx: &mut Context<'_>) {
        let mut state = self.shared.lock();
        if self.buffer.has_unread() || self.inbound.resume_at(self.came).is_some() {
            let now = state.clock.now();
            state.outbound.on_bytes(now);
        } else if let Some(transport) = &mut state.transport {
            match input::poll_read(transport, self.buffer.room(), cx) {
                Poll::Ready(Ok(count)) if count > 0 => {
                    self.buffer.filled(count);
                    self.came = state.clock.now();
                    state.outbound.on_bytes(self.came);
                }
                Poll::Ready(ended) => {
                    self.buffer.release();
                    input::end(&self.shared, &mut state, ended.err());
                }
                Poll::Pending => self.buffer.release(),
            }
        }
        let looked = self.timer.wait(&self.shared, &mut state, cx);
        if looked != Looked::No {
            self.observer.tick(|| state.clock.now(), &self.inbound, &state.outbound);
        }
        drop(state);
        self.tell_lifetime(looked);
    }

    /// Takes a message; `None` if it proves not to be what it says, and the connection has failed then.
    pub(crate) fn take(&mut self, whole: Whole) -> Option<Message> {
        let taken = self.inbound.take(whole, self.buffer.last());
        taken.map_err(|error| fail(&self.shared, error)).ok()
    }

    /// Lends a message; on an error the connection has failed, and the end is told.
    #[inline]
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

    pub(crate) fn agreement(&self) -> &Agreement {
        self.agreement.as_deref().unwrap_or(&PLAIN)
    }

    pub(crate) fn stats(&self) -> Stats {
        Stats::new(self.inbound.stats(), self.shared.lock().outbound.stats())
    }

    /// What the bytes that are here hold.
    #[inline]
    fn decode(&mut self, watch: Watch) -> Option<Next> {
        self.inbound.forget();
        while self.buffer.has_unread() || self.again == Again::Yes {
            let progress = self.inbound.advance(self.buffer.unread(), self.came);
            self.buffer.consume(progress.used);
            // After a chunk there may be another, without any byte more.
            let chunk = matches!(progress.found, Some(Found::Chunk(_)));
            self.again = if chunk { Again::Yes } else { Again::No };
            let Some(found) = progress.found else {
                if self.inbound.resume_at(self.came).is_some() {
                    break;
                }
                continue;
            };
            let next = self.meet(found, watch);
            if next.is_some() {
                let batch = if self.buffer.has_unread() { Batch::Open } else { Batch::Over };
                self.shared.set_batch(batch);
                return next;
            }
        }
        None
    }

    /// Hands data on, and tells the writing half of the rest.
    #[inline]
    fn meet(&self, found: Found, watch: Watch) -> Option<Next> {
        match found {
            Found::Message(whole) => Some(Next::Message(whole)),
            Found::Chunk(piece) => Some(Next::Chunk(piece)),
            Found::Ping(_) | Found::Pong(_) | Found::Close(_) | Found::Failed(_) | _ => {
                self.meet_other(found, watch)
            }
        }
    }

    #[inline(never)]
    fn meet_other(&self, found: Found, watch: Watch) -> Option<Next> {
        let seen = |payload: &[u8]| (watch == Watch::All).then(|| Bytes::copy_from_slice(payload));
        match found {
            Found::Ping(place) => {
                let payload = self.inbound.payload(&place, self.buffer.last());
                self.tell(|outbound, now| outbound.on_ping(payload, now));
                seen(payload).map(Next::Ping)
            }
            Found::Pong(place) => {
                let payload = self.inbound.payload(&place, self.buffer.last());
                let mut state = self.shared.lock();
                let round_trip = state.outbound.on_pong(payload, self.came);
                Observer::pong(state.outbound.role(), round_trip);
                state.waiters.wake_pings();
                seen(payload).map(Next::Pong)
            }
            Found::Close(reason) => {
                let code = reason.as_ref().map(|reason| reason.code().get());
                let mut state = self.shared.lock();
                let (now, open) = (state.clock.now(), state.outbound.is_open());
                state.outbound.on_close(reason, now);
                state.behind_close = self.buffer.rest();
                // What answers it needs no turn: nothing is found behind a Close, and who polls writes before he waits.
                state.waiters.wake_refused();
                drop(state);
                if open {
                    self.shared.span().closing(EndedBy::Peer, code);
                }
                None
            }
            Found::Failed(error) => {
                fail(&self.shared, error);
                None
            }
            Found::Message(_) | Found::Chunk(_) | _ => None,
        }
    }

    /// What this queues leaves at the end of the batch, or when the task yields: the caller may not poll
    /// again.
    ///
    /// The clock is read anew: the user may have taken hours since the bytes came.
    fn tell(&self, tell: impl FnOnce(&mut Outbound, Now)) {
        let mut state = self.shared.lock();
        let now = state.clock.now();
        tell(&mut state.outbound, now);
        if !state.outbound.outbox().is_empty() {
            self.shared.defer(state);
        }
    }

    /// Nothing is left to decode: writes, and reads; before it waits, it lets the deadlines run. `None`: the
    /// connection has ended.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<Option<More>> {
        self.shared.set_batch(Batch::Over);
        let mut state = self.shared.lock();
        self.shared.write(&mut state);
        if let Some(at) = self.inbound.resume_at(self.came) {
            drop(state);
            ready!(self.poll_pause(at, cx));
            return Poll::Ready(Some(More::Again));
        }
        let Some(transport) = &mut state.transport else { return Poll::Ready(None) };
        let Poll::Ready(read) = input::poll(transport, &mut self.inbound, &mut self.buffer, cx)
        else {
            self.buffer.release();
            let looked = self.timer.wait(&self.shared, &mut state, cx);
            if looked != Looked::No {
                self.observer.tick(|| state.clock.now(), &self.inbound, &state.outbound);
            }
            let goes_on = state.transport.is_some();
            drop(state);
            self.tell_lifetime(looked);
            return if goes_on { Poll::Pending } else { Poll::Ready(None) };
        };
        self.came = state.clock.now();
        match read {
            Ok(read) if read.count() > 0 => {
                state.outbound.on_bytes(self.came);
                // A peer that never pauses does not keep a deadline from coming.
                let looked = state.look_at_time(self.came);
                self.observer.look(self.came, &self.inbound, &state.outbound);
                drop(state);
                self.tell_lifetime(looked);
                Poll::Ready(Some(self.accept(read)))
            }
            ended => {
                input::end(&self.shared, &mut state, ended.err());
                Poll::Ready(None)
            }
        }
    }

    /// A connection that is closed because of its age is told like one that its user closes.
    #[inline]
    fn tell_lifetime(&self, looked: Looked) {
        if looked == Looked::Lived {
            self.shared.span().closing(EndedBy::Local, Some(CloseCode::GOING_AWAY.get()));
        }
    }

    fn accept(&mut self, read: input::Read) -> More {
        match read {
            input::Read::Buffer(count) => self.buffer.filled(count),
            input::Read::Message(count) => {
                if let Some(found) = self.inbound.landed(count, self.came) {
                    return More::Found(found);
                }
            }
        }
        More::Bytes
    }

    /// The connection may have ended: whoever watches it is told, and whoever counts it counts it no more.
    fn leave(&mut self) {
        if self.left == Left::Yes {
            return;
        }
        let note = {
            let state = self.shared.lock();
            let (outbound, failure) = (&state.outbound, state.failure.as_ref());
            Observer::note(&self.inbound, outbound, failure, state.clock.now())
        };
        let Some(note) = note else { return };
        self.left = Left::Yes;
        self.observer.end(self.shared.span(), note);
        self.passes.end(self.shared.ending().as_ref());
    }

    /// The end, with its error the first time.
    fn tell_end(&mut self) -> Result<(), Error> {
        self.leave();
        let mut state = self.shared.lock();
        if self.end == End::Told {
            return Ok(());
        }
        self.end = End::Told;
        if let Some(fault) = state.outbound.fault() {
            return Err(fault.clone().into());
        }
        // Whoever has said good-bye has ended the connection, whatever became of our answer.
        let closed = state.outbound.ending().is_some_and(|ending| ending.code() != 1006);
        match state.failure.take() {
            Some(error) if !closed => Err(Error::io(error)),
            Some(_) | None => Ok(()),
        }
    }
}

/// Tells the peer what it did wrong, at once.
fn fail(shared: &Shared, error: ProtocolError) {
    let mut state = shared.lock();
    let now = state.clock.now();
    state.outbound.fail(error, now);
    shared.write(&mut state);
    state.waiters.wake_refused();
}

impl Drop for Drive {
    fn drop(&mut self) {
        self.shared.cut();
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::poll_fn, task::Waker};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    /// What each idle connection has: allocators round up to 256 and 384 bytes, their next classes.
    #[cfg(target_pointer_width = "64")]
    #[test]
    fn an_idle_connection_is_small() {
        assert!(size_of::<Drive>() <= 256, "{}", size_of::<Drive>());
        let counts = 2 * size_of::<usize>();
        assert!(size_of::<Shared>() + counts <= 384, "{}", size_of::<Shared>());
    }

    fn drive() -> (Drive, DuplexStream) {
        let (near, far) = duplex(1024);
        let (role, agreement) = (Role::Server, Agreement::default());
        let (transport, config) = (Transport::new(near), Arc::new(Config::new(role)));
        (Drive::new(transport, role, agreement, Bytes::new(), config, [0; 32]), far)
    }

    fn send(drive: &Drive, text: &str) {
        let mut state = drive.shared.lock();
        state.send(text.into()).unwrap();
        drive.shared.dispatch(state);
    }

    fn waits(drive: &mut Drive) -> bool {
        drive.poll_next(&mut Context::from_waker(Waker::noop()), Watch::Data).is_pending()
    }

    fn holds_a_buffer(drive: &Drive) -> bool {
        drive.buffer.is_leased()
            || drive.inbound.held_bytes() > 0
            || drive.shared.lock().outbound.outbox().has_storage()
    }

    /// A connection that waits owns no buffer, before traffic and after it.
    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_holds_no_buffer() {
        let (mut drive, mut peer) = drive();
        assert!(waits(&mut drive) && !holds_a_buffer(&drive));
        peer.write_all(b"\x82\x83\0\0\0\0abc").await.unwrap();
        let next = poll_fn(|cx| drive.poll_next(cx, Watch::Data)).await;
        assert!(matches!(next, Ok(Some(Next::Message(_)))));
        assert!(holds_a_buffer(&drive), "the message lies in it");
        send(&drive, "answer");
        assert!(waits(&mut drive) && !holds_a_buffer(&drive));
        peer.read_exact(&mut [0; 8]).await.unwrap();
    }

    /// A message that was put together and lent is given up before the connection waits.
    #[tokio::test(start_paused = true)]
    async fn a_message_that_was_lent_out_of_memory_is_given_up() {
        let (mut drive, mut peer) = drive();
        for piece in [&b"\x02\x83\0\0\0\0abc"[..], b"\x80\x83\0\0\0\0def"] {
            peer.write_all(piece).await.unwrap();
        }
        let next = poll_fn(|cx| drive.poll_next(cx, Watch::Data)).await;
        let Ok(Some(Next::Message(whole))) = next else { panic!("a message is there") };
        assert_eq!(drive.lend(whole).unwrap().as_bytes(), b"abcdef");
        assert!(drive.inbound.held_bytes() > 0);
        assert!(waits(&mut drive) && !holds_a_buffer(&drive));
    }

    /// Checklist 60: a connection that waits inside a frame holds what has come of it.
    #[tokio::test(start_paused = true)]
    async fn half_a_frame_costs_what_has_come_of_it() {
        let (mut drive, mut peer) = drive();
        peer.write_all(b"\x82\xFF\0\0\0\0\0\x0F\0\0\0\0\0\0abc").await.unwrap();
        assert!(waits(&mut drive));
        assert!(!drive.buffer.is_leased());
        assert!(drive.inbound.held_bytes() < 256, "of a frame that claims a megabyte");
    }

    /// A message that is refused leaves no buffer behind.
    #[tokio::test(start_paused = true)]
    async fn a_refused_message_leases_nothing() {
        let (mut drive, _peer) = drive();
        let mut state = drive.shared.lock();
        state.outbound.begin_message(wharf_proto::Kind::Text).unwrap();
        assert!(state.send("refused".into()).is_err());
        drop(state);
        assert!(waits(&mut drive) && !holds_a_buffer(&drive));
    }
}
