//! WebSockets that block: the same protocol, types and settings, and no runtime.
//!
//! ```no_run
//! let mut socket = wharf::blocking::connect("ws://127.0.0.1:9001/echo")?;
//! socket.send("hello")?;
//! while let Some(message) = socket.recv()? {
//!     println!("{message:?}");
//! }
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! - To open connections: [`connect`], or a [`Client`] made from a [`wharf::Client`](crate::Client) with settings.
//! - To accept them: [`accept`], or an [`Acceptor`] made from a [`wharf::Acceptor`](crate::Acceptor); a thread for
//!   each connection is the caller's to start.
//! - After somebody else's opening handshake: [`WebSocket::over`].
//! - To read and write in different threads: [`WebSocket::split`], and as many [`Sender`]s as you like.
//! - For messages larger than memory: [`WebSocket::recv_reader`] and [`WebSocket::write_binary`].
//!
//! Nothing here calls into a runtime, or needs one: a `std::net` socket is read and written by the thread that
//! asks. Do not call it from async code: it holds up a thread of the runtime; use the async face there.
//!
//! # What drives a connection
//!
//! There is no background thread. While a thread is in `recv`, `drive` or `close`, Pings are answered, and keep-alive and
//! deadlines run. `send` returns when the system has the message, so nothing waits for anybody afterwards.
//!
//! # Two threads
//!
//! A thread that waits for bytes holds no lock; neither does one that waits for the transport to take them, TLS or not.
//! If a peer stops reading, senders wait, and reading goes on: the one reader leaves answers to Pings in the queue, looks
//! for room about a hundred times a second, and reads meanwhile.
//!
//! # Timeouts
//!
//! | what | bound |
//! |---|---|
//! | `connect` over all stages | [`ClientBuilder::deadline`](crate::ClientBuilder::deadline) |
//! | `accept`, and then its answer | [`AcceptorBuilder::handshake_timeout`](crate::AcceptorBuilder::handshake_timeout) |
//! | `recv` of a silent peer | [`Timeouts::ping_every`](crate::Timeouts::ping_every) and [`pong_within`](crate::Timeouts::pong_within), or [`idle`](crate::Timeouts::idle) |
//! | `send` to a peer that does not read | [`Timeouts::write_stall`](crate::Timeouts::write_stall) without progress |
//! | `close` | [`Timeouts::close`](crate::Timeouts::close) |
//!
//! They are kept by timeouts of the socket (`SO_RCVTIMEO`, `SO_SNDTIMEO`), which are as exact as the system makes them:
//! some milliseconds.
//!
//! # Endings
//!
//! As in the async face: a normal end is a value, `recv` returns `None`, and [`WebSocket::ending`] tells the rest. An
//! [`Error`](crate::Error) means that the peer broke a rule or fell silent, or that the transport failed.

mod client;
mod clock;
mod drive;
mod ping;
mod raw;
mod reader;
mod receiver;
mod sender;
mod server;
mod shared;
mod state;
mod stream;
#[cfg(feature = "rustls")]
mod tls;
#[cfg(not(feature = "rustls"))]
#[path = "no_tls.rs"]
mod tls;
mod transport;
mod websocket;
mod writer;

pub use crate::client::unsupported::Unsupported;
pub use client::connect::{Client, connect};
pub use ping::Ping;
pub use reader::MessageReader;
pub use receiver::Receiver;
pub use sender::Sender;
pub use server::{
    acceptor::{Acceptor, accept},
    request::Request,
};
pub use stream::Stream;
pub use websocket::WebSocket;
pub use writer::{BinaryWriter, TextWriter};
