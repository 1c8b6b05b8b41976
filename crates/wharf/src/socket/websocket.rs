//! Both halves in one handle.

use super::{
    event::Event,
    offer::Offer,
    ping::Ping,
    reader::MessageReader,
    receiver::Receiver,
    sender::Sender,
    writer::{BinaryWriter, TextWriter},
};
use crate::{
    drain::pass::Pass,
    error::{Error, SendError},
    transport::Transport,
};
use bytes::Bytes;
use futures_core::Stream;
use futures_sink::Sink;
use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use wharf_proto::{
    Agreement, CloseCode, CloseReason, Config, Ending, Message, MessageRef, NotSent, Outgoing,
    Role, Stats,
};

/// An open WebSocket.
///
/// While one of its futures is polled it drives itself: Pings are answered, keep-alive and deadlines run.
/// Whoever reads nothing for long polls [`drive`](Self::drive). What was sent is written when the sending
/// task yields, at the latest, whatever is polled then.
///
/// Dropping it ends the connection with 1001, as far as the transport takes that at once;
/// [`close`](Self::close) ends it in order.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wharf::{Agreement, Bytes, CloseCode, Config, Message, Role, WebSocket};
///
/// let (near, far) = tokio::io::duplex(1024);
/// let open = |io, role| {
///     WebSocket::over(io, role, Agreement::default(), Bytes::new(), Config::new(role))
/// };
/// let (mut client, mut server) = (open(near, Role::Client)?, open(far, Role::Server)?);
///
/// client.send("hello").await?;
/// client.send(vec![1, 2, 3]).await?;
/// assert_eq!(server.recv().await?, Some(Message::from("hello")));
/// assert_eq!(server.recv().await?, Some(Message::from(vec![1, 2, 3])));
///
/// let (ending, end) = tokio::join!(client.close(CloseCode::NORMAL), server.recv());
/// assert_eq!(end?, None);
/// assert_eq!((ending.code(), ending.is_clean()), (1000, true));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct WebSocket {
    receiver: Receiver,
    sender: Sender,
    /// A message that the sink took and the outbox did not.
    parked: Option<Box<Outgoing<'static>>>,
}

impl WebSocket {
    pub(crate) fn new(
        transport: Transport,
        role: Role,
        agreement: Agreement,
        leftover: Bytes,
        config: Arc<Config>,
        seed: [u8; 32],
    ) -> Self {
        let receiver = Receiver::new(transport, role, agreement, leftover, config, seed);
        let sender = receiver.sender();
        Self { receiver, sender, parked: None }
    }

    /// Somebody counts this socket as long as it is open.
    pub(crate) fn admit(&mut self, pass: Pass) {
        self.receiver.admit(pass);
    }

    /// See [`Receiver::recv`].
    ///
    /// # Errors
    /// See there.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub fn recv(&mut self) -> impl Future<Output = Result<Option<Message>, Error>> {
        self.receiver.recv()
    }

    /// See [`Receiver::recv_ref`].
    ///
    /// # Errors
    /// See there.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn recv_ref(&mut self) -> Result<Option<MessageRef<'_>>, Error> {
        self.receiver.recv_ref().await
    }

    /// See [`Receiver::recv_event`].
    ///
    /// # Errors
    /// See there.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn recv_event(&mut self) -> Result<Option<Event>, Error> {
        self.receiver.recv_event().await
    }

    /// See [`Receiver::recv_reader`].
    ///
    /// # Errors
    /// See there.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn recv_reader(&mut self) -> Result<Option<MessageReader<'_>>, Error> {
        self.receiver.recv_reader().await
    }

    /// See [`Sender::send`]. While it waits, the deadline for a stalled transport runs.
    ///
    /// # Errors
    /// The connection is closing or closed.
    ///
    /// # Cancel safety
    /// If the future is dropped before it is ready nothing was sent.
    pub fn send<'a>(
        &mut self,
        message: impl Into<Outgoing<'a>>,
    ) -> impl Future<Output = Result<(), SendError>> {
        let mut offer = Offer::new(message.into());
        poll_fn(move |cx| {
            let accepted = offer.poll(&self.sender, cx);
            if accepted.is_pending() {
                self.receiver.poll_waiting(cx);
            }
            accepted
        })
    }

    /// See [`Sender::try_send`].
    ///
    /// # Errors
    /// The message, and why it was not accepted.
    pub fn try_send<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<(), NotSent<'a>> {
        self.sender.try_send(message)
    }

    /// See [`Sender::feed`].
    ///
    /// # Errors
    /// The message, and why it was not accepted.
    pub fn feed<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<(), NotSent<'a>> {
        self.sender.feed(message)
    }

    /// Waits until all that was accepted was handed to the system. The deadline for a stalled transport
    /// runs meanwhile.
    ///
    /// # Errors
    /// The connection ended first.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn flush(&mut self) -> Result<(), SendError> {
        poll_fn(|cx| {
            self.receiver.poll_waiting(cx);
            self.sender.poll_flush(cx)
        })
        .await
    }

    /// See [`Sender::write_text`].
    ///
    /// # Errors
    /// The connection is closing or closed.
    ///
    /// # Cancel safety
    /// If the future is dropped before it is ready no message was begun.
    pub async fn write_text(&self) -> Result<TextWriter, SendError> {
        self.sender.write_text().await
    }

    /// See [`Sender::write_binary`].
    ///
    /// # Errors
    /// The connection is closing or closed.
    ///
    /// # Cancel safety
    /// If the future is dropped before it is ready no message was begun.
    pub async fn write_binary(&self) -> Result<BinaryWriter, SendError> {
        self.sender.write_binary().await
    }

    /// Sends a Ping at once; the future, which does not borrow the socket, is ready with the round-trip
    /// time when it is answered. The answer comes behind what the peer has sent before: read meanwhile.
    pub fn ping(&self) -> Ping {
        self.sender.ping()
    }

    /// See [`Receiver::close`].
    ///
    /// # Cancel safety
    /// Dropping the future leaves the Close sent or queued; call again, or `recv`, to go on.
    pub async fn close(&mut self, reason: impl Into<CloseReason>) -> Ending {
        self.receiver.close(reason).await
    }

    /// See [`Receiver::drive`].
    ///
    /// # Cancel safety
    /// Dropping the future stops the driving, and nothing else.
    pub async fn drive(&mut self) -> Ending {
        self.receiver.drive().await
    }

    /// The halves, to be used in different tasks, or to answer a message while it is lent.
    ///
    /// A message that the [`Sink`] face holds because the outbox was full is lost: flush first.
    pub fn split(self) -> (Sender, Receiver) {
        (self.sender, self.receiver)
    }

    /// A handle for sending, for this or another task.
    pub fn sender(&self) -> Sender {
        self.sender.clone()
    }

    /// What the opening handshake settled.
    pub fn agreement(&self) -> &Agreement {
        self.receiver.agreement()
    }

    /// The subprotocol that was agreed on.
    pub fn subprotocol(&self) -> Option<&str> {
        self.agreement().subprotocol.as_deref()
    }

    /// How the connection ended, once it has.
    pub fn ending(&self) -> Option<Ending> {
        self.receiver.ending()
    }

    /// Counters.
    pub fn stats(&self) -> Stats {
        self.receiver.stats()
    }

    /// See [`Sender::queued_bytes`].
    pub fn queued_bytes(&self) -> usize {
        self.sender.queued_bytes()
    }

    /// Offers the parked message again; ready when none is parked.
    fn poll_parked(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Some(parked) = self.parked.take() else { return Poll::Ready(Ok(())) };
        let mut message = Some(*parked);
        loop {
            self.sender.offer(&mut message)?;
            let Some(back) = &message else { return Poll::Ready(Ok(())) };
            self.receiver.poll_waiting(cx);
            if self.sender.poll_room(back.as_bytes().len(), cx).is_pending() {
                self.parked = message.map(Box::new);
                return Poll::Pending;
            }
        }
    }
}

/// Messages until the end; an error comes last.
impl Stream for WebSocket {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.receiver.poll_recv(cx).map(Result::transpose)
    }
}

/// Accepts messages; closing sends a Close with 1000 and sees it through.
impl Sink<Message> for WebSocket {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.poll_parked(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        let mut message = Some(message.into());
        self.sender.offer(&mut message)?;
        self.parked = message.map(Box::new);
        Ok(())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        ready!(self.poll_parked(cx))?;
        self.receiver.poll_waiting(cx);
        self.sender.poll_flush(cx).map_err(Error::from)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        ready!(self.poll_parked(cx))?;
        self.sender.close(CloseCode::NORMAL);
        while ready!(self.receiver.poll_recv(cx))?.is_some() {}
        Poll::Ready(Ok(()))
    }
}
