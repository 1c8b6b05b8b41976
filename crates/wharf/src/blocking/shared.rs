//! One lock, and one thread at a time that writes for all.

use super::{
    clock::Clock,
    state::{Flight, State, Turn},
    transport::Transport,
};
use crate::{error::SendError, observe::span::ConnectionSpan};
use std::{
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use wharf_proto::{CloseReason, Config, EndedBy, Ending, NotSent, Now, Outbound, Outgoing, WhyNot};

/// What the handles of one connection share.
///
/// Nobody waits for the transport under the lock. Who writes has the [`Turn`], takes bytes out, and writes them
/// while others queue and read.
pub(crate) struct Shared {
    state: Mutex<State>,
    /// Bytes were written, the turn is free, a Pong came, or nothing more is accepted.
    changed: Condvar,
    pub(crate) transport: Transport,
    pub(crate) clock: Clock,
    pub(crate) span: ConnectionSpan,
    stall: Option<Duration>,
    /// No deadline comes up that is nearer than this: a thread that waits so long at most misses none, and nobody
    /// needs to wake it.
    slice: Duration,
}

pub(crate) type Guard<'a> = MutexGuard<'a, State>;

/// How long the reader looks whether the transport takes bytes.
const GLANCE: Duration = Duration::from_millis(1);

/// How long the reader reads before it looks again.
const BETWEEN_GLANCES: Duration = Duration::from_millis(10);

impl Shared {
    pub(crate) fn new(
        outbound: Outbound,
        clock: Clock,
        transport: Transport,
        config: &Config,
        span: ConnectionSpan,
    ) -> Arc<Self> {
        let (timeouts, state) = (&config.timeouts, State::new(outbound, clock.now()));
        Arc::new(Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
            transport,
            clock,
            span,
            stall: timeouts.write_stall,
            slice: timeouts.close.min(timeouts.pong_within).max(BETWEEN_GLANCES),
        })
    }

    pub(crate) fn lock(&self) -> Guard<'_> {
        // A panic of a foreign stream poisons nothing: it is not called under this lock, except to end it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something changes, but not for ever: the caller looks again.
    pub(crate) fn wait<'a>(&self, mut state: Guard<'a>, most: Duration) -> Guard<'a> {
        state.waiting += 1;
        let waited = self.changed.wait_timeout(state, most.min(self.slice));
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        state
    }

    /// Wakes who waits.
    pub(crate) fn tell(&self) {
        self.changed.notify_all();
    }

    /// The input has ended. If that is the end of a closing handshake, lets a sender tell what it has written: the peer
    /// may be faster with its answer.
    pub(crate) fn await_sender<'a>(&'a self, mut state: Guard<'a>) -> Guard<'a> {
        while state.turn == Turn::Sender && !state.outbound.is_open() {
            let left = state.outbound.deadline().map(|deadline| deadline - self.clock.now());
            match left.filter(|left| !left.is_zero()) {
                Some(left) => state = self.wait(state, left),
                None => break,
            }
        }
        state
    }

    /// Accepts a message, when there is room, and returns when the system has it.
    pub(crate) fn send(&self, mut message: Outgoing<'_>) -> Result<(), SendError> {
        let mut state = self.lock();
        loop {
            match state.queue(message, self.clock.now()) {
                Ok(()) => return self.settle(state),
                Err(NotSent { reason: WhyNot::Closed, .. }) => return Err(send_error(&state)),
                Err(NotSent { message: back, .. }) => {
                    state = self.make_room(state, back.as_bytes().len());
                    message = back;
                }
            }
        }
    }

    /// A message of this length is not accepted now: writes, or waits for whoever does.
    pub(crate) fn make_room<'a>(&'a self, state: Guard<'a>, len: usize) -> Guard<'a> {
        if state.turn == Turn::Free && state.has_bytes() {
            self.write(state, Turn::Sender, |state| {
                matches!(state.outbound.refusal(len), None | Some(WhyNot::Closed))
            })
        } else {
            self.wait(state, self.slice)
        }
    }

    /// Returns when the system has all that was queued by now, whichever thread wrote it.
    ///
    /// # Errors
    /// It may be lost.
    pub(crate) fn settle<'a>(&'a self, mut state: Guard<'a>) -> Result<(), SendError> {
        let goal = state.goal();
        loop {
            match state.turn {
                _ if state.is_gone() => break,
                Turn::Free if !state.wants_turn(&self.transport) => break,
                Turn::Free => {
                    // Who waits goes on.
                    state = self.write(state, Turn::Sender, |state| {
                        state.waiting > 0 && state.written() >= goal
                    });
                    break;
                }
                Turn::Sender if state.written() >= goal => break,
                Turn::Sender | Turn::Reader => state = self.wait(state, self.slice),
            }
        }
        let lost = state.written() < goal && state.is_lost();
        if lost { Err(send_error(&state)) } else { Ok(()) }
    }

    /// Takes the turn, if it is free, and writes until nothing waits, or it is `enough`; a reader also stops when the
    /// transport takes nothing.
    pub(crate) fn write<'a>(
        &'a self,
        mut state: Guard<'a>,
        turn: Turn,
        enough: impl Fn(&State) -> bool,
    ) -> Guard<'a> {
        if !state.wants_turn(&self.transport) {
            return state;
        }
        state.turn = turn;
        let held = Held(self);
        loop {
            let now = self.clock.now();
            match state.load(&self.transport, now) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    state.fail(error, now);
                    continue;
                }
            }
            let within = self.patience(&state, turn, now);
            let flight = std::mem::take(&mut state.flight);
            drop(state);
            let written = self.transport.write(flight.rest(), within);
            state = self.lock();
            if self.wrote(&mut state, flight, written).is_none() && turn == Turn::Reader
                || enough(&state)
            {
                break;
            }
        }
        held.release(&mut state);
        state
    }

    /// What a write brought; `None` if nothing was taken.
    fn wrote(&self, state: &mut State, flight: Flight, written: io::Result<usize>) -> Option<()> {
        let now = self.clock.now();
        if state.is_gone() {
            return Some(());
        }
        state.flight = flight;
        match written {
            Ok(0) => {
                if self.write_deadline(state).is_some_and(|deadline| deadline <= now) {
                    self.give_up(state, now);
                }
                return None;
            }
            Ok(count) => state.wrote(count, now),
            Err(error) => state.fail(error, now),
        }
        // Who waits for room may find it.
        self.tell();
        Some(())
    }

    /// How long a write may wait.
    fn patience(&self, state: &State, turn: Turn, now: Now) -> Duration {
        if turn == Turn::Reader {
            return GLANCE;
        }
        let left = self.write_deadline(state).map(|deadline| deadline - now);
        left.map_or(self.slice, |left| left.min(self.slice))
    }

    /// When a transport that takes nothing is given up. Signs of life are the reader's business, as long as
    /// nobody closes.
    fn write_deadline(&self, state: &State) -> Option<Now> {
        if state.outbound.is_open() {
            self.stall.map(|stall| state.progress + stall)
        } else {
            state.outbound.deadline()
        }
    }

    fn give_up(&self, state: &mut State, now: Now) {
        if state.outbound.queued_bytes() > 0 || !state.outbound.is_open() {
            self.time_out(state, now);
        } else {
            // Only the core's last byte, or a record of TLS itself: the core waits for nothing.
            state.fail(io::ErrorKind::TimedOut.into(), now);
        }
    }

    /// A deadline has come.
    pub(crate) fn time_out(&self, state: &mut State, now: Now) {
        state.outbound.handle_timeout(now);
        if state.ending().is_some() {
            state.end(&self.transport);
        }
        self.tell();
    }

    /// How long the reader may wait for bytes.
    pub(crate) fn reading_time(&self, state: &State) -> Duration {
        let left = state.outbound.deadline().map(|deadline| deadline - self.clock.now());
        let most = if state.turn == Turn::Free && state.has_bytes() {
            BETWEEN_GLANCES
        } else {
            self.slice
        };
        left.map_or(most, |left| left.min(most))
    }

    /// Sends a Close behind what is queued.
    pub(crate) fn close(&self, reason: CloseReason) {
        let mut state = self.lock();
        if state.outbound.is_open() {
            let code = reason.code().get();
            state.outbound.close(Some(reason), self.clock.now());
            drop(state);
            self.span.closing(EndedBy::Local, Some(code));
            state = self.lock();
        }
        self.tell();
        // What cannot be told will be seen by whoever reads.
        let _ = self.settle(state);
    }

    /// Ends the connection now, as far as it has not ended; the Close goes out if the transport takes it at once.
    pub(crate) fn shut_down(&self, reason: CloseReason) {
        let mut state = self.lock();
        if state.is_gone() {
            return;
        }
        let (open, code) = (state.outbound.is_open(), reason.code().get());
        state.outbound.close(Some(reason), self.clock.now());
        let mut state = self.write(state, Turn::Reader, |_| false);
        state.outbound.on_eof(self.clock.now());
        state.end(&self.transport);
        drop(state);
        if open {
            self.span.closing(EndedBy::Local, Some(code));
        }
        self.tell();
    }

    pub(crate) fn ending(&self) -> Option<Ending> {
        self.lock().ending().cloned()
    }
}

/// Why nothing is accepted any more.
pub(crate) fn send_error(state: &State) -> SendError {
    SendError { ending: state.ending().cloned() }
}

/// The turn, until it is released: also by a stream that panics.
struct Held<'a>(&'a Shared);

impl Held<'_> {
    fn release(self, state: &mut State) {
        state.turn = Turn::Free;
        self.0.tell();
        std::mem::forget(self);
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let (mut state, now) = (self.0.lock(), self.0.clock.now());
        state.fail(io::Error::other("the stream panicked"), now);
        state.turn = Turn::Free;
        self.0.tell();
    }
}
