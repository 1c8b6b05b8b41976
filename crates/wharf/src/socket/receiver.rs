//! The reading half, which also drives the connection.

use super::{
    drive::{Drive, Next, Watch},
    event::Event,
    reader::MessageReader,
    sender::Sender,
};
use crate::{
    drain::{member::Member, pass::Pass},
    error::Error,
    transport::Transport,
};
use bytes::Bytes;
use std::{
    future::{Future, poll_fn},
    sync::Arc,
    task::{Context, Poll, ready},
};
use wharf_proto::{
    Agreement, CloseReason, Config, Delivery, Ending, Message, MessageRef, Role, Stats, Whole,
};

/// The reading half of a WebSocket.
///
/// It drives the connection: while one of its futures is polled, Pings are answered, keep-alive and
/// deadlines run. Dropping it ends the connection with 1001, as far as the transport takes that at once.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use wharf::{Agreement, Bytes, Config, MessageRef, Role, WebSocket};
/// # let (near, far) = tokio::io::duplex(1024);
/// # let open = |io, role| WebSocket::over(io, role, Agreement::default(), Bytes::new(), Config::new(role));
/// # let (socket, mut peer) = (open(near, Role::Server)?, open(far, Role::Client)?);
/// # peer.send("ping").await?;
/// let (sender, mut receiver) = socket.split();
/// // A message can be answered while it is lent: it is not copied before.
/// if let Some(message) = receiver.recv_ref().await? {
///     sender.send(message).await?;
/// }
/// # assert_eq!(peer.recv_ref().await?, Some(MessageRef::Text("ping")));
/// # Ok(())
/// # }
/// ```
pub struct Receiver {
    /// In a box: a socket moves through futures, each of which would be as large as all of it.
    drive: Box<Drive>,
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
        let drive = Drive::new(transport, role, agreement, leftover, config, seed);
        Self { drive: Box::new(drive) }
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
    pub fn recv(&mut self) -> impl Future<Output = Result<Option<Message>, Error>> {
        poll_fn(|cx| self.poll_recv(cx))
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
        self.drive.inbound.set_delivery(Delivery::Whole);
        match poll_fn(|cx| self.poll_whole(cx)).await? {
            Some(whole) => self.drive.lend(whole).map(Some),
            None => Ok(None),
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
        self.drive.inbound.set_delivery(Delivery::Whole);
        poll_fn(|cx| self.poll_event(cx)).await
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
        while self.drive.inbound.is_inside_chunks() {
            if poll_fn(|cx| self.drive.poll_next(cx, Watch::Data)).await?.is_none() {
                return Ok(None);
            }
        }
        self.drive.inbound.set_delivery(Delivery::Chunks);
        if let Some(kind) = self.drive.inbound.chunks_kind() {
            return Ok(Some(MessageReader::new(&mut self.drive, kind)));
        }
        match poll_fn(|cx| self.drive.poll_next(cx, Watch::Data)).await? {
            Some(Next::Chunk(piece)) => Ok(Some(MessageReader::new(&mut self.drive, piece.kind()))),
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
            self.drive.inbound.set_delivery(Delivery::Chunks);
            match poll_fn(|cx| self.drive.poll_next(cx, Watch::Data)).await {
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
        Sender::new(Arc::clone(&self.drive.shared))
    }

    /// How the connection ended, once it has.
    pub fn ending(&self) -> Option<Ending> {
        self.drive.shared.ending()
    }

    /// What the opening handshake settled.
    pub fn agreement(&self) -> &Agreement {
        self.drive.agreement()
    }

    /// Counters.
    pub fn stats(&self) -> Stats {
        self.drive.stats()
    }

    pub(crate) fn poll_recv(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Message>, Error>> {
        self.drive.inbound.set_delivery(Delivery::Whole);
        loop {
            let Some(whole) = ready!(self.poll_whole(cx))? else { return Poll::Ready(Ok(None)) };
            if let Some(message) = self.drive.take(whole) {
                return Poll::Ready(Ok(Some(message)));
            }
        }
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Event>, Error>> {
        loop {
            let event = match ready!(self.drive.poll_next(cx, Watch::All))? {
                None => return Poll::Ready(Ok(None)),
                Some(Next::Message(whole)) => self.drive.take(whole).map(Event::Message),
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
            match ready!(self.drive.poll_next(cx, Watch::Data))? {
                None => return Poll::Ready(Ok(None)),
                Some(Next::Message(whole)) => return Poll::Ready(Ok(Some(whole))),
                Some(Next::Chunk(_) | Next::Ping(_) | Next::Pong(_)) => {}
            }
        }
    }

    /// Somebody counts this socket as long as it is open.
    pub(crate) fn admit(&mut self, mut pass: Pass) {
        pass.seat(Arc::clone(&self.drive.shared) as Arc<dyn Member>);
        self.drive.passes.add(pass);
    }

    /// See [`Drive::poll_waiting`].
    pub(crate) fn poll_waiting(&mut self, cx: &mut Context<'_>) {
        self.drive.poll_waiting(cx);
    }
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiver")
            .field("agreement", self.agreement())
            .field("ending", &self.ending())
            .finish_non_exhaustive()
    }
}
