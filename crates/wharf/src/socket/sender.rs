//! The writing half.

use super::{
    ping::Ping,
    shared::Shared,
    writer::{BinaryWriter, MessageWriter, TextWriter},
};
use crate::error::SendError;
use std::{
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
};
use wharf_proto::{
    CloseReason, ControlPayload, EndedBy, Ending, Kind, NotSent, OnFull, Outgoing, WhyNot,
};

/// Sends, from any task: cheap to clone.
///
/// Somebody must drive the connection meanwhile: poll the [`Receiver`](crate::Receiver), or its
/// [`drive`](crate::Receiver::drive). Messages of several senders never mix.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use wharf::{Agreement, Bytes, Config, Role, WebSocket};
/// # let (near, far) = tokio::io::duplex(1024);
/// # let open = |io, role| WebSocket::over(io, role, Agreement::default(), Bytes::new(), Config::new(role));
/// # let (socket, mut peer) = (open(near, Role::Server)?, open(far, Role::Client)?);
/// for number in 0..3 {
///     let sender = socket.sender();
///     tokio::spawn(async move { sender.send(format!("from task {number}")).await });
/// }
/// # for _ in 0..3 { assert!(peer.recv().await?.is_some()); }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Sender {
    pub(crate) shared: Arc<Shared>,
}

impl Sender {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Sends a message if it is accepted now.
    ///
    /// # Errors
    /// The message, and why: the outbox is full, another message is being written in fragments, or the
    /// connection is closing or closed.
    pub fn try_send<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<(), NotSent<'a>> {
        let mut state = self.shared.lock();
        let open = state.outbound.is_open();
        match state.send(message.into()) {
            Ok(()) => self.shared.dispatch(state),
            Err(refused) => {
                if open {
                    self.shared.on_refused(state, &refused);
                }
                return Err(refused);
            }
        }
        Ok(())
    }

    /// Accepts a message that leaves with the next one, or when the task yields: for several messages at
    /// once.
    ///
    /// # Errors
    /// As [`try_send`](Self::try_send).
    pub fn feed<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<(), NotSent<'a>> {
        let mut state = self.shared.lock();
        let open = state.outbound.is_open();
        match state.send(message.into()) {
            Ok(()) => self.shared.defer(state),
            Err(refused) => {
                if open {
                    self.shared.on_refused(state, &refused);
                }
                return Err(refused);
            }
        }
        Ok(())
    }

    /// Waits until all that was accepted was handed to the system.
    ///
    /// # Errors
    /// The connection ended first, or the transport or the peer failed: what was accepted may be lost.
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
        MessageWriter::begin(&self.shared, Kind::Text).await.map(TextWriter)
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
        MessageWriter::begin(&self.shared, Kind::Binary).await.map(BinaryWriter)
    }

    /// Sends a Ping at once; the future is ready with the round-trip time when it is answered.
    ///
    /// The answer comes behind what the peer has sent before: somebody must read.
    pub fn ping(&self) -> Ping {
        Ping::send(&self.shared)
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
        let (now, reason) = (state.clock.now(), reason.into());
        if !state.outbound.is_open() {
            return;
        }
        let code = reason.code().get();
        state.outbound.close(Some(reason), now);
        self.shared.flush(&mut state);
        state.waiters.wake_all();
        drop(state);
        self.shared.span().closing(EndedBy::Local, Some(code));
    }

    /// Waits until the connection has ended.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn closed(&self) -> Ending {
        self.shared.closed().await
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

    /// Accepts a message, which is taken then, unless it must wait.
    pub(crate) fn offer(&self, message: &mut Option<Outgoing<'_>>) -> Result<(), SendError> {
        let Some(len) = message.as_ref().map(|message| message.as_bytes().len()) else {
            return Ok(());
        };
        let mut state = self.shared.lock();
        match state.outbound.refusal(len) {
            Some(WhyNot::Closed) => {
                drop(state);
                return Err(self.shared.send_error());
            }
            // Whoever does not wait finds out what happens instead.
            Some(WhyNot::Full) if state.outbound.config().limits.on_full != OnFull::Wait => {}
            Some(_) => return Ok(()),
            None => {}
        }
        if let Some(offered) = message.take()
            && let Err(back) = state.send(offered)
        {
            self.shared.on_refused(state, &back);
            let closed = back.reason == WhyNot::Closed;
            *message = Some(back.message);
            return if closed { Err(self.shared.send_error()) } else { Ok(()) };
        }
        self.shared.dispatch(state);
        Ok(())
    }

    /// Ready when a message of this length would be accepted, or no message any more.
    pub(crate) fn poll_room(&self, len: usize, cx: &Context<'_>) -> Poll<()> {
        self.shared.poll_sender(cx, |state| {
            matches!(state.outbound.refusal(len), None | Some(WhyNot::Closed)).then_some(())
        })
    }

    pub(crate) fn poll_flush(&self, cx: &Context<'_>) -> Poll<Result<(), SendError>> {
        self.shared.poll_sender(cx, |state| {
            self.shared.flush(state);
            if state.is_lost() {
                return Some(Err(SendError { ending: state.outbound.ending().cloned() }));
            }
            state.is_flushed().then_some(Ok(()))
        })
    }
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender").field("queued_bytes", &self.queued_bytes()).finish_non_exhaustive()
    }
}
