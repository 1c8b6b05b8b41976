//! One connection of many: what waits goes out, what comes is told, and what has arrived is found out.

use super::{event::DownReason, shared::Shared};
use crate::socket::{ping::Ping, sender::Sender, websocket::WebSocket};
use futures_core::Stream;
use futures_sink::Sink;
use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};
use wharf_proto::{CloseReason, Message, NotSent, WhyNot};

/// So many bytes are handed to the connection at once; the rest stays in the queue, where it is not lost with the
/// connection.
const BATCH: usize = 64 << 10;

/// An open connection.
#[derive(Debug)]
pub(crate) struct Link {
    socket: WebSocket,
    sender: Sender,
    probe: Option<Probe>,
    /// When the next Ping may go.
    next_probe: Pin<Box<Sleep>>,
    confirm_every: Duration,
}

/// A Ping behind messages: its answer says that they were read (RFC 6455 §5.5.3).
#[derive(Debug)]
struct Probe {
    ping: Ping,
    below: u64,
}

impl Link {
    pub(crate) fn new(socket: WebSocket, confirm_every: Duration) -> Self {
        let next_probe = Box::pin(sleep_until(Instant::now()));
        let sender = socket.sender();
        Self { socket, sender, probe: None, next_probe, confirm_every }
    }

    /// Sends what waits, finds out whether it arrived, and closes. Messages that come are discarded.
    pub(crate) async fn see_off(&mut self, shared: &Shared, reason: CloseReason) {
        self.confirm_every = Duration::ZERO;
        self.next_probe.as_mut().reset(Instant::now());
        poll_fn(|cx| self.poll_settled(shared, cx)).await;
        self.socket.close(reason).await;
    }

    fn poll_settled(&mut self, shared: &Shared, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.poll_sent(shared, cx).is_ready() && shared.uncertain().is_none() {
                return Poll::Ready(());
            }
            if ready!(self.poll(shared, cx)).is_err() {
                return Poll::Ready(());
            }
        }
    }

    /// The next message, or why there are no more.
    pub(crate) fn poll(
        &mut self,
        shared: &Shared,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Message, DownReason>> {
        let _ = self.poll_sent(shared, cx);
        match ready!(Pin::new(&mut self.socket).poll_next(cx)) {
            Some(Ok(message)) => Poll::Ready(Ok(message)),
            Some(Err(error)) => Poll::Ready(Err(DownReason::Failed(error))),
            None => Poll::Ready(Err(self.ended())),
        }
    }

    /// Ready when nothing waits any more and the system has all that was handed over.
    fn poll_sent(&mut self, shared: &Shared, cx: &mut Context<'_>) -> Poll<()> {
        shared.register(cx.waker());
        self.poll_probe(shared, cx);
        loop {
            ready!(self.poll_flush(cx));
            self.ask(shared, cx);
            if !shared.is_waiting() {
                return Poll::Ready(());
            }
            ready!(self.poll_hand_over(shared, cx));
        }
    }

    /// A connection that is lost counts as never flushed.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match ready!(Sink::<Message>::poll_flush(Pin::new(&mut self.socket), cx)) {
            Ok(()) => Poll::Ready(()),
            Err(_) => Poll::Pending,
        }
    }

    /// Hands a batch over. While something else is being written it waits; when nothing will be any more the reader
    /// tells.
    fn poll_hand_over(&self, shared: &Shared, cx: &Context<'_>) -> Poll<()> {
        while self.socket.queued_bytes() < BATCH
            && let Some(message) = shared.hand_over()
        {
            let len = message.as_bytes().len();
            let Err(NotSent { reason, message }) = self.socket.feed(message) else {
                shared.sent(len);
                continue;
            };
            shared.take_back(message);
            if reason == WhyNot::Closed {
                return Poll::Pending;
            }
            ready!(self.sender.poll_room(len, cx));
        }
        Poll::Ready(())
    }

    /// All is flushed, so that a Ping goes behind it.
    fn ask(&mut self, shared: &Shared, cx: &mut Context<'_>) {
        let (None, Some(below)) = (&self.probe, shared.uncertain()) else { return };
        if self.next_probe.as_mut().poll(cx).is_pending() {
            return;
        }
        self.next_probe.as_mut().reset(Instant::now() + self.confirm_every);
        self.probe = Some(Probe { ping: self.socket.ping(), below });
        self.poll_probe(shared, cx);
    }

    fn poll_probe(&mut self, shared: &Shared, cx: &mut Context<'_>) {
        let Some(probe) = &mut self.probe else { return };
        if let Poll::Ready(answer) = Pin::new(&mut probe.ping).poll(cx) {
            if answer.is_ok() {
                shared.confirm(probe.below);
            }
            self.probe = None;
        }
    }

    fn ended(&self) -> DownReason {
        DownReason::Ended(self.socket.ending().expect("messages end with the connection"))
    }
}
