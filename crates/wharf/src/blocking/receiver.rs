//! The reading half, which also drives the connection.

use super::{
    drive::{Drive, Next, Watch},
    reader::MessageReader,
    sender::Sender,
};
use crate::{error::Error, socket::event::Event};
use std::{fmt, sync::Arc};
use wharf_proto::{Agreement, CloseReason, Delivery, Ending, Message, MessageRef, Stats, Whole};

/// The reading half of a blocking WebSocket.
///
/// It drives the connection: while a thread is in one of its methods Pings are answered, keep-alive and deadlines run.
/// Dropping it ends the connection with 1001, as far as the transport takes that at once.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
/// # let url = format!("ws://{}/", listener.local_addr()?);
/// # let echo = std::thread::spawn(move || {
/// #     let (stream, _) = listener.accept().unwrap();
/// #     let mut peer = wharf::blocking::accept(stream).unwrap();
/// #     while let Ok(Some(message)) = peer.recv() { peer.send(message).unwrap(); }
/// # });
/// let (sender, mut receiver) = wharf::blocking::connect(url)?.split();
/// let reading = std::thread::spawn(move || {
///     let mut count = 0;
///     while let Ok(Some(_)) = receiver.recv_ref() {
///         count += 1;
///     }
///     count
/// });
/// for number in 0..3 {
///     sender.send(format!("message {number}"))?;
/// }
/// sender.close(wharf::CloseCode::NORMAL);
/// assert_eq!(reading.join().unwrap(), 3);
/// # echo.join().unwrap();
/// # Ok(())
/// # }
/// ```
pub struct Receiver {
    drive: Box<Drive>,
}

impl Receiver {
    pub(crate) fn new(drive: Drive) -> Self {
        Self { drive: Box::new(drive) }
    }

    /// Waits for the next message; `None` when the connection has ended: see [`ending`](Self::ending).
    ///
    /// A short message is a copy of its own, a long one is handed over as it was assembled. After a protocol error the
    /// peer is told why and the connection is closed before the error returns, within
    /// [`Timeouts::close`](crate::Timeouts::close).
    ///
    /// # Errors
    /// The peer broke a rule or passed a limit, fell silent, or the transport failed; then, once, this error, and
    /// `None` from then on.
    ///
    /// # Blocking
    /// Until something comes, or the peer has been silent for as long as [`Timeouts`](crate::Timeouts) allow.
    /// [`Sender::close`] and [`Sender::shut_down`] end it from another thread.
    pub fn recv(&mut self) -> Result<Option<Message>, Error> {
        self.drive.inbound.set_delivery(Delivery::Whole);
        loop {
            let Some(whole) = self.whole()? else { return Ok(None) };
            if let Some(message) = self.drive.take(whole) {
                return Ok(Some(message));
            }
        }
    }

    /// Waits for the next message, and lends it: no allocation, no copy, if it came in one frame and in one read.
    ///
    /// # Errors
    /// As [`recv`](Self::recv); but if a text proves not to be UTF-8 the error returns as soon as the peer is told, and
    /// the next call sees the closing through.
    ///
    /// # Blocking
    /// As [`recv`](Self::recv).
    pub fn recv_ref(&mut self) -> Result<Option<MessageRef<'_>>, Error> {
        self.drive.inbound.set_delivery(Delivery::Whole);
        match self.whole()? {
            Some(whole) => self.drive.lend(whole).map(Some),
            None => Ok(None),
        }
    }

    /// Waits for the next message, Ping or Pong.
    ///
    /// # Errors
    /// As [`recv`](Self::recv).
    ///
    /// # Blocking
    /// As [`recv`](Self::recv).
    pub fn recv_event(&mut self) -> Result<Option<Event>, Error> {
        self.drive.inbound.set_delivery(Delivery::Whole);
        loop {
            let event = match self.drive.next(Watch::All)? {
                None => return Ok(None),
                Some(Next::Message(whole)) => self.drive.take(whole).map(Event::Message),
                Some(Next::Ping(payload)) => Some(Event::Ping(payload)),
                Some(Next::Pong(payload)) => Some(Event::Pong(payload)),
                Some(Next::Chunk(_)) => None,
            };
            if event.is_some() {
                return Ok(event);
            }
        }
    }

    /// Waits for the next message, as a reader of its chunks: for messages larger than memory.
    ///
    /// Limits on the size of messages do not apply to it. Dropping the reader discards the rest of the message.
    ///
    /// # Errors
    /// As [`recv`](Self::recv).
    ///
    /// # Blocking
    /// As [`recv`](Self::recv).
    pub fn recv_reader(&mut self) -> Result<Option<MessageReader<'_>>, Error> {
        while self.drive.inbound.is_inside_chunks() {
            if self.drive.next(Watch::Data)?.is_none() {
                return Ok(None);
            }
        }
        self.drive.inbound.set_delivery(Delivery::Chunks);
        if let Some(kind) = self.drive.inbound.chunks_kind() {
            return Ok(Some(MessageReader::new(&mut self.drive, kind)));
        }
        match self.drive.next(Watch::Data)? {
            Some(Next::Chunk(piece)) => Ok(Some(MessageReader::new(&mut self.drive, piece.kind()))),
            Some(_) | None => Ok(None),
        }
    }

    /// Drives the connection to its end for those who do not read: Pings are answered, keep-alive and deadlines run,
    /// messages are discarded.
    pub fn drive(&mut self) -> Ending {
        loop {
            self.drive.inbound.set_delivery(Delivery::Chunks);
            if let Ok(Some(_)) = self.drive.next(Watch::Data) {
                continue;
            }
            if let Some(ending) = self.ending() {
                return ending;
            }
        }
    }

    /// Sends a Close behind what is queued, waits for the peer's, and ends the transport in order (RFC 6455 §7): all
    /// within [`Timeouts::close`](crate::Timeouts::close). Messages that come meanwhile are discarded. If the
    /// connection is closing or closed already, waits for its end.
    pub fn close(&mut self, reason: impl Into<CloseReason>) -> Ending {
        self.sender().close(reason);
        self.drive()
    }

    /// A handle for sending, for this or another thread.
    pub fn sender(&self) -> Sender {
        Sender::new(Arc::clone(&self.drive.shared))
    }

    /// How the connection ended, once it has.
    pub fn ending(&self) -> Option<Ending> {
        self.drive.shared.ending()
    }

    /// What the opening handshake settled.
    pub fn agreement(&self) -> &Agreement {
        &self.drive.agreement
    }

    /// Counters.
    pub fn stats(&self) -> Stats {
        self.drive.stats()
    }

    /// The next message that is delivered whole; what is left of one that is read in chunks is discarded.
    fn whole(&mut self) -> Result<Option<Whole>, Error> {
        loop {
            match self.drive.next(Watch::Data)? {
                None => return Ok(None),
                Some(Next::Message(whole)) => return Ok(Some(whole)),
                Some(Next::Chunk(_) | Next::Ping(_) | Next::Pong(_)) => {}
            }
        }
    }
}

/// The messages, up to the end; an error comes last.
impl Iterator for Receiver {
    type Item = Result<Message, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.recv().transpose()
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("agreement", self.agreement())
            .field("ending", &self.ending())
            .finish_non_exhaustive()
    }
}
