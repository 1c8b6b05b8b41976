//! Both halves in one handle.

use super::{
    drive::{Drive, Opened},
    ping::Ping,
    reader::MessageReader,
    receiver::Receiver,
    sender::Sender,
    stream::Stream,
    tls::Sealed,
    transport::Transport,
    writer::{BinaryWriter, TextWriter},
};
use crate::{
    entropy::mask_seed,
    error::{Error, SendError},
    socket::event::Event,
};
use bytes::Bytes;
use std::{io, sync::Arc};
use wharf_proto::{
    Agreement, CloseReason, Config, Ending, Message, MessageRef, NotSent, Outgoing, Role, Stats,
};

/// An open WebSocket that blocks.
///
/// While a thread is in [`recv`](Self::recv) Pings are answered, keep-alive and deadlines run. Whoever reads nothing
/// for long calls [`drive`](Self::drive), or [`split`](Self::split)s and reads in another thread.
///
/// Dropping it ends the connection with 1001, as far as the transport takes that at once; [`close`](Self::close) ends
/// it in order.
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
/// let mut socket = wharf::blocking::connect(url)?;
/// socket.send("hello")?;
/// while let Some(message) = socket.recv()? {
///     assert_eq!(message, wharf::Message::from("hello"));
///     let ending = socket.close(wharf::CloseCode::NORMAL);
///     assert!(ending.is_clean());
/// }
/// # echo.join().unwrap();
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct WebSocket {
    receiver: Receiver,
    sender: Sender,
}

impl WebSocket {
    /// A WebSocket over a stream on which the opening handshake has taken place. `leftover` is what was read behind the
    /// handshake: the first frames, perhaps.
    ///
    /// # Errors
    /// The system has no entropy for a client's masking keys.
    pub fn over(
        io: impl Into<Stream>,
        role: Role,
        agreement: Agreement,
        leftover: Bytes,
        config: impl Into<Arc<Config>>,
    ) -> io::Result<Self> {
        let transport = Transport::new(io.into().0, None);
        let opened = Opened { transport, sealed: Sealed::default(), agreement, leftover };
        Self::opened(opened, role, config.into())
    }

    pub(crate) fn opened(opened: Opened, role: Role, config: Arc<Config>) -> io::Result<Self> {
        let seed = mask_seed(role)?;
        let receiver = Receiver::new(Drive::new(opened, role, config, seed));
        let sender = receiver.sender();
        Ok(Self { receiver, sender })
    }

    /// See [`Receiver::recv`].
    ///
    /// # Errors
    /// See there.
    pub fn recv(&mut self) -> Result<Option<Message>, Error> {
        self.receiver.recv()
    }

    /// See [`Receiver::recv_ref`].
    ///
    /// # Errors
    /// See there.
    pub fn recv_ref(&mut self) -> Result<Option<MessageRef<'_>>, Error> {
        self.receiver.recv_ref()
    }

    /// See [`Receiver::recv_event`].
    ///
    /// # Errors
    /// See there.
    pub fn recv_event(&mut self) -> Result<Option<Event>, Error> {
        self.receiver.recv_event()
    }

    /// See [`Receiver::recv_reader`].
    ///
    /// # Errors
    /// See there.
    pub fn recv_reader(&mut self) -> Result<Option<MessageReader<'_>>, Error> {
        self.receiver.recv_reader()
    }

    /// See [`Sender::send`]. Two ends that both send much and read nothing wait for each other: let another thread
    /// read ([`split`](Self::split)).
    ///
    /// # Errors
    /// See there.
    pub fn send<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<(), SendError> {
        self.sender.send(message)
    }

    /// See [`Sender::feed`].
    ///
    /// # Errors
    /// See there.
    pub fn feed<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<(), NotSent<'a>> {
        self.sender.feed(message)
    }

    /// See [`Sender::flush`].
    ///
    /// # Errors
    /// See there.
    pub fn flush(&self) -> Result<(), SendError> {
        self.sender.flush()
    }

    /// See [`Sender::write_text`].
    ///
    /// # Errors
    /// See there.
    pub fn write_text(&self) -> Result<TextWriter, SendError> {
        self.sender.write_text()
    }

    /// See [`Sender::write_binary`].
    ///
    /// # Errors
    /// See there.
    pub fn write_binary(&self) -> Result<BinaryWriter, SendError> {
        self.sender.write_binary()
    }

    /// Sends a Ping at once. Ask for its [`round_trip`](Ping::round_trip) after reading on.
    ///
    /// # Errors
    /// See [`Sender::ping`].
    pub fn ping(&self) -> Result<Ping, SendError> {
        self.sender.ping()
    }

    /// See [`Receiver::close`].
    pub fn close(&mut self, reason: impl Into<CloseReason>) -> Ending {
        self.receiver.close(reason)
    }

    /// See [`Receiver::drive`].
    pub fn drive(&mut self) -> Ending {
        self.receiver.drive()
    }

    /// The halves, to be used in different threads, or to answer a message while it is lent.
    pub fn split(self) -> (Sender, Receiver) {
        (self.sender, self.receiver)
    }

    /// A handle for sending, for this or another thread.
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
}

/// The messages, up to the end; an error comes last.
impl Iterator for WebSocket {
    type Item = Result<Message, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.recv().transpose()
    }
}
