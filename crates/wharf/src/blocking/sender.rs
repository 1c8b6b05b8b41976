//! The writing half.

use super::{
    ping::Ping,
    shared::Shared,
    writer::{BinaryWriter, MessageWriter, TextWriter},
};
use crate::error::SendError;
use std::{fmt, sync::Arc};
use wharf_proto::{CloseReason, ControlPayload, Ending, Kind, NotSent, Outgoing, WhyNot};

/// Sends, from any thread: cheap to clone.
///
/// Some thread must read meanwhile, or call [`Receiver::drive`](super::Receiver::drive): it answers Pings and watches
/// the deadlines. A thread that waits in a read keeps nobody from sending, and one that waits in a send keeps nobody
/// from reading. Messages of several senders never mix.
#[derive(Clone)]
pub struct Sender {
    shared: Arc<Shared>,
}

impl Sender {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Sends a message; returns when the system has it.
    ///
    /// # Errors
    /// The connection is closing or closed, or it failed before the system had the message.
    ///
    /// # Blocking
    /// While the peer does not read, for [`Timeouts::write_stall`](crate::Timeouts::write_stall) at most without
    /// progress; then the connection is cut.
    pub fn send<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<(), SendError> {
        self.shared.send(message.into())
    }

    /// Accepts a message that leaves with the next one, with [`flush`](Self::flush), or when the reader has
    /// nothing left to decode: for several messages in one write. Never blocks.
    ///
    /// # Errors
    /// The message, and why: the outbox is full, another message is being written in fragments, or the connection is
    /// closing or closed.
    pub fn feed<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<(), NotSent<'a>> {
        self.shared.lock().queue(message.into(), self.shared.clock.now())
    }

    /// Returns when the system has all that was accepted.
    ///
    /// # Errors
    /// The connection ended first, or the transport or the peer failed: what was accepted may be lost.
    ///
    /// # Blocking
    /// As [`send`](Self::send).
    pub fn flush(&self) -> Result<(), SendError> {
        self.shared.settle(self.shared.lock())
    }

    /// Begins a text of unknown length; waits while the outbox is full or another is being written. The thread that
    /// writes it must send nothing else before it has finished.
    ///
    /// # Errors
    /// The connection is closing or closed.
    pub fn write_text(&self) -> Result<TextWriter, SendError> {
        MessageWriter::begin(&self.shared, Kind::Text).map(TextWriter)
    }

    /// Begins a binary message of unknown length; waits while the outbox is full or another is being written. The
    /// thread that writes it must send nothing else before it has finished.
    ///
    /// # Errors
    /// The connection is closing or closed.
    pub fn write_binary(&self) -> Result<BinaryWriter, SendError> {
        MessageWriter::begin(&self.shared, Kind::Binary).map(BinaryWriter)
    }

    /// Sends a Ping at once. Its answer comes behind what the peer has sent before: somebody must read.
    ///
    /// # Errors
    /// The connection is closing or closed.
    pub fn ping(&self) -> Result<Ping, SendError> {
        Ping::send(&self.shared)
    }

    /// Sends a Ping with a payload of one's own, behind what is queued.
    ///
    /// # Errors
    /// The outbox is full, or the connection is closing or closed.
    pub fn ping_with(&self, payload: ControlPayload) -> Result<(), WhyNot> {
        let mut state = self.shared.lock();
        state.outbound.ping_with(&payload, self.shared.clock.now())?;
        self.shared.settle(state).map_err(|_| WhyNot::Closed)
    }

    /// Sends a Pong that nobody asked for (RFC 6455 §5.5.3), behind what is queued.
    ///
    /// # Errors
    /// As [`ping_with`](Self::ping_with).
    pub fn pong_with(&self, payload: ControlPayload) -> Result<(), WhyNot> {
        let mut state = self.shared.lock();
        state.outbound.pong_with(&payload, self.shared.clock.now())?;
        self.shared.settle(state).map_err(|_| WhyNot::Closed)
    }

    /// Begins the closing handshake: sends a Close behind what is queued, and accepts no more messages. The thread that
    /// reads sees it through, and comes back with the end within [`Timeouts::close`](crate::Timeouts::close). Does
    /// nothing if the connection is closing or closed.
    pub fn close(&self, reason: impl Into<CloseReason>) {
        self.shared.close(reason.into());
    }

    /// Ends the connection now, without waiting for the peer: the Close goes out if the transport takes it at once.
    /// Threads that wait in a read or a write of this connection come back.
    pub fn shut_down(&self, reason: impl Into<CloseReason>) {
        self.shared.shut_down(reason.into());
    }

    /// How the connection ended, once it has.
    pub fn ending(&self) -> Option<Ending> {
        self.shared.ending()
    }

    /// Bytes that wait to be written, frame headers among them.
    pub fn queued_bytes(&self) -> usize {
        self.shared.lock().outbound.queued_bytes()
    }

    /// Whether messages are still accepted.
    pub fn is_open(&self) -> bool {
        self.shared.lock().outbound.is_open()
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("queued_bytes", &self.queued_bytes()).finish_non_exhaustive()
    }
}
