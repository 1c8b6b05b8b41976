//! The writing half.

use super::{
    shared::Shared,
    writer::{BinaryWriter, MessageWriter, TextWriter},
};
use crate::error::{Error, SendError};
use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use wharf_proto::{CloseReason, ControlPayload, Ending, Kind, NotSent, Outgoing, PingId, WhyNot};

/// Sends, from any task: cheap to clone.
///
/// Somebody must drive the connection meanwhile: poll the [`Receiver`](crate::Receiver), or its
/// [`drive`](crate::Receiver::drive). Messages of several senders never mix.
#[derive(Clone)]
pub struct Sender {
    pub(crate) shared: Arc<Shared>,
}

impl Sender {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Sends a message; waits while the outbox is full.
    ///
    /// When it returns, the message is accepted and on its way: it is written at once, or, in the middle of
    /// a batch of received messages, together with what is sent until the batch is worked off or the task
    /// yields. [`flush`](Self::flush) waits until the system has it.
    ///
    /// # Errors
    /// The connection is closing or closed.
    ///
    /// # Cancel safety
    /// If the future is dropped before it is ready nothing was sent.
    pub async fn send<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<(), SendError> {
        let mut message = message.into();
        loop {
            let NotSent { reason, message: back } = match self.shared.offer(message) {
                Ok(()) => return Ok(()),
                Err(not_sent) => not_sent,
            };
            if reason == WhyNot::Closed {
                return Err(self.send_error());
            }
            message = back;
            let len = message.as_bytes().len();
            poll_fn(|cx| self.poll_room(len, cx)).await;
        }
    }

    /// Sends a message if it is accepted now.
    ///
    /// # Errors
    /// The message, and why: the outbox is full, another message is being written in fragments, or the
    /// connection is closing or closed.
    pub fn try_send<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<(), NotSent<'a>> {
        self.shared.offer(message.into())
    }

    /// Accepts a message that leaves with the next one, or when the task yields: for several messages at
    /// once.
    ///
    /// # Errors
    /// As [`try_send`](Self::try_send).
    pub fn feed<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<(), NotSent<'a>> {
        let mut state = self.shared.lock();
        let now = state.clock.now();
        state.lend_storage();
        state.outbound.send(message, now)?;
        self.shared.defer(state);
        Ok(())
    }

    /// Waits until all that was accepted was handed to the system.
    ///
    /// # Errors
    /// The connection ended first.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn flush(&self) -> Result<(), SendError> {
        poll_fn(|cx| self.poll_flush(cx)).await
    }

    /// Begins a text of unknown length; waits while the outbox is full or another is being written.
    ///
    /// # Errors
    /// The connection is closing or closed.
    ///
    /// # Cancel safety
    /// If the future is dropped before it is ready no message was begun.
    pub async fn write_text(&self) -> Result<TextWriter, SendError> {
        self.begin(Kind::Text).await.map(TextWriter)
    }

    /// Begins a binary message of unknown length; waits while the outbox is full or another is being
    /// written.
    ///
    /// # Errors
    /// The connection is closing or closed.
    ///
    /// # Cancel safety
    /// If the future is dropped before it is ready no message was begun.
    pub async fn write_binary(&self) -> Result<BinaryWriter, SendError> {
        self.begin(Kind::Binary).await.map(BinaryWriter)
    }

    async fn begin(&self, kind: Kind) -> Result<MessageWriter, SendError> {
        loop {
            let begun = self.shared.lock().outbound.begin_message(kind);
            match begun {
                Ok(()) => return Ok(MessageWriter::new(self.clone())),
                Err(WhyNot::Closed) => return Err(self.send_error()),
                Err(_) => poll_fn(|cx| self.poll_room(0, cx)).await,
            }
        }
    }

    /// Sends a Ping at once; the future is ready with the round-trip time when it is answered.
    ///
    /// The answer comes behind what the peer has sent before: somebody must read.
    pub fn ping(&self) -> Ping {
        let mut state = self.shared.lock();
        let now = state.clock.now();
        let id = state.outbound.ping(now);
        state.flush(&self.shared);
        drop(state);
        Ping { sender: self.clone(), id }
    }

    /// Sends a Ping with a payload of one's own, behind what is queued.
    ///
    /// # Errors
    /// As [`try_send`](Self::try_send).
    pub fn ping_with(&self, payload: ControlPayload) -> Result<(), WhyNot> {
        let mut state = self.shared.lock();
        let now = state.clock.now();
        state.outbound.ping_with(&payload, now)?;
        self.shared.dispatch(state);
        Ok(())
    }

    /// Sends a Pong that nobody asked for (RFC 6455 §5.5.3), behind what is queued.
    ///
    /// # Errors
    /// As [`try_send`](Self::try_send).
    pub fn pong_with(&self, payload: ControlPayload) -> Result<(), WhyNot> {
        let mut state = self.shared.lock();
        let now = state.clock.now();
        state.outbound.pong_with(&payload, now)?;
        self.shared.dispatch(state);
        Ok(())
    }

    /// Begins the closing handshake and does not wait for it: whoever drives the connection sees it
    /// through. Does nothing if the connection is closing or closed.
    pub fn close(&self, reason: impl Into<CloseReason>) {
        let mut state = self.shared.lock();
        let now = state.clock.now();
        state.outbound.close(Some(reason.into()), now);
        state.flush(&self.shared);
        state.wake_reader();
        state.wake_waiting();
    }

    /// Waits until the connection has ended.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn closed(&self) -> Ending {
        poll_fn(|cx| {
            let mut state = self.shared.lock();
            match state.outbound.ending() {
                Some(ending) => Poll::Ready(ending.clone()),
                None => {
                    state.register_waiting(cx.waker());
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// Bytes that wait to be written, frame headers among them (compare `bufferedAmount` of the WHATWG
    /// WebSocket, which counts payloads only).
    pub fn queued_bytes(&self) -> usize {
        self.shared.lock().outbound.queued_bytes()
    }

    /// Whether messages are still accepted.
    pub fn is_open(&self) -> bool {
        self.shared.lock().outbound.is_open()
    }

    fn closed_error(ending: Option<&Ending>) -> SendError {
        SendError { ending: ending.cloned() }
    }

    pub(crate) fn poll_room(&self, len: usize, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.shared.lock();
        match state.outbound.refusal(len) {
            None | Some(WhyNot::Closed) => Poll::Ready(()),
            Some(_) => {
                state.register_waiting(cx.waker());
                Poll::Pending
            }
        }
    }

    /// Room for a fragment of the message that is being written.
    pub(crate) fn poll_fragment_room(&self, len: usize, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.shared.lock();
        if state.outbound.has_room(len) || !state.outbound.is_open() {
            return Poll::Ready(());
        }
        state.register_waiting(cx.waker());
        Poll::Pending
    }

    pub(crate) fn poll_flush(&self, cx: &mut Context<'_>) -> Poll<Result<(), SendError>> {
        let mut state = self.shared.lock();
        state.flush(&self.shared);
        if state.outbound.ending().is_some() {
            return Poll::Ready(Err(Self::closed_error(state.outbound.ending())));
        }
        if state.is_flushed() {
            return Poll::Ready(Ok(()));
        }
        state.register_waiting(cx.waker());
        Poll::Pending
    }
}

impl Sender {
    pub(crate) fn send_error(&self) -> SendError {
        Self::closed_error(self.shared.lock().outbound.ending())
    }
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender").field("queued_bytes", &self.queued_bytes()).finish_non_exhaustive()
    }
}

/// A Ping on its way: a future of its round-trip time.
///
/// # Cancel safety
/// Dropping it changes nothing; the Pong is still taken as a sign of life.
#[derive(Debug)]
#[must_use = "the Ping is sent; this is its answer"]
pub struct Ping {
    sender: Sender,
    id: Option<PingId>,
}

impl Future for Ping {
    type Output = Result<Duration, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.sender.shared.lock();
        let Some(id) = self.id else { return Poll::Ready(Err(Error::closed())) };
        if let Some(round_trip) = state.outbound.round_trip(id) {
            return Poll::Ready(Ok(round_trip));
        }
        if !state.outbound.is_open() {
            return Poll::Ready(Err(Error::closed()));
        }
        state.register_waiting(cx.waker());
        Poll::Pending
    }
}
