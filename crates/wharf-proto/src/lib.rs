//! The WebSocket protocol without I/O (RFC 6455, RFC 7692).
//!
//! This crate knows no socket, no clock, no task and no lock. Whoever has those is a *driver*: it gives the core
//! bytes and the time, and does what the core says. The async library `wharf` is a driver on tokio; the test below
//! is one in memory.
//!
//! | what | where |
//! |---|---|
//! | an open connection | [`Connection`], or its halves [`Inbound`] and [`Outbound`] |
//! | limits, timeouts, compression | [`Config`] |
//! | what a connection needs to know of its handshake | [`Agreement`] |
//! | the opening handshake (feature `std`) | [`Offer`] for clients, [`examine`] and [`Offered`] for servers |
//! | its spelling in HTTP/1.1 (feature `std`) | [`RequestReader`], [`ResponseReader`], [`write_request`], [`write_switch`], [`write_response`] |
//!
//! # The contract
//!
//! **After any call that takes `&mut self`: take events until there is none, write the outbox, obey
//! [`poll_shutdown`](Connection::poll_shutdown), arm the [`deadline`](Connection::deadline); only then wait.**
//!
//! An echo that keeps it:
//!
//! ```
//! use bytes::Buf;
//! use std::{sync::Arc, time::Duration};
//! use wharf_proto::{
//!     Agreement, CloseCode, Config, Connection, Event, Input, Now, Role, Shutdown,
//! };
//!
//! /// Bytes came: works them off, and returns those to be written.
//! fn turn(connection: &mut Connection, received: &mut [u8], now: Now) -> Vec<u8> {
//!     // Take events until there is none.
//!     let mut input = Input::new(received);
//!     while let Some(event) = connection.receive(&mut input, now) {
//!         if let Event::Message(message) = event {
//!             let answer = message.to_owned();
//!             connection.send(answer, now).expect("it fits, and nobody has closed");
//!         }
//!     }
//!     // Write the outbox, as far as the transport takes it.
//!     let mut written = Vec::new();
//!     while connection.outbox().has_remaining() {
//!         written.extend_from_slice(connection.outbox().chunk());
//!         let count = connection.outbox().chunk().len();
//!         connection.on_written(count, now);
//!     }
//!     written
//! }
//!
//! // A server, right after a handshake on which nothing was agreed. Its epoch is its start.
//! let (config, now) = (Arc::new(Config::new(Role::Server)), Now::default());
//! let agreed = Agreement::default();
//! let mut server = Connection::new(Role::Server, &agreed, config, [0; 32], now);
//!
//! // RFC 6455 §5.7: "Hello" from a client, masked.
//! let mut hello = *b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
//! assert_eq!(turn(&mut server, &mut hello, now), b"\x81\x05Hello");
//!
//! // Nothing to do with the transport yet. Wait for bytes, or until the deadline: a Ping is due in 30 seconds.
//! assert_eq!(server.poll_shutdown(), None);
//! let ping_at = now + Duration::from_secs(30);
//! assert_eq!(server.deadline(), Some(ping_at));
//! server.handle_timeout(ping_at);
//! assert_eq!(turn(&mut server, &mut [], ping_at)[0], 0x89);
//!
//! // The client closes with 1000. That is answered, and a server ends the transport first (RFC 6455 §7.1.1).
//! let mut close = *b"\x88\x82\x00\x00\x00\x00\x03\xe8";
//! assert_eq!(turn(&mut server, &mut close, ping_at), b"\x88\x02\x03\xe8");
//! assert_eq!(server.poll_shutdown(), Some(Shutdown::Close));
//!
//! // Nothing came behind the client's Close, and nothing may come: that is the end of the input. Drop the transport.
//! server.handle_eof(ping_at);
//! assert_eq!(server.poll_shutdown(), Some(Shutdown::Abort));
//! let ending = server.ending().expect("it has ended");
//! assert_eq!((ending.code(), ending.is_clean()), (CloseCode::NORMAL.get(), true));
//! ```
//!
//! A driver that reads into a buffer of its own may read the middle of a large frame straight into the message
//! instead: see [`Connection::landing`].
//!
//! # Features
//! - `std` (default): the opening handshake, which needs the `http` crate, and compressors that a thread keeps.
//! - `deflate` (default): permessage-deflate; works without the feature `std`, but the DEFLATE library itself
//!   links std for its allocator: a target without std has no compression.
//!
//! Without features the crate needs `core`, `alloc` and no operating system.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod close;
mod config;
mod connection;
#[cfg(feature = "deflate")]
mod deflate;
mod error;
mod frame;
mod handshake;
mod message;
mod rate;
mod role;
mod time;

pub use bytes::Bytes;
pub use close::{CloseCode, CloseReason, ReasonTooLong};
#[cfg(feature = "deflate")]
pub use config::Compression;
pub use config::{Config, Limits, OnFull, Timeouts};
pub use connection::{
    closing::Shutdown,
    ending::{EndedBy, Ending},
    event::Event,
    fault::Fault,
    found::{Delivery, End, Found, Piece, Place, Progress, Whole},
    inbound::Inbound,
    input::Input,
    joined::Connection,
    keepalive::PingId,
    outbound::Outbound,
    outbox::Outbox,
    refusal::{NotSent, WhyNot},
    stats::{Deflated, Received, Sent, Stats},
};
#[cfg(feature = "deflate")]
pub use deflate::{
    agreement::{Context, DeflateAgreement, Direction, WindowBits},
    params::{DeflateOffer, DeflateParamsError, DeflateResponse, PERMESSAGE_DEFLATE},
    policy::Deflate,
};
pub use error::{ControlTooLong, Limit, Misdeed, ProtocolError, Silence};
pub use frame::control::ControlPayload;
pub use handshake::{
    agreement::Agreement,
    subprotocol::{InvalidSubprotocol, Subprotocol},
};
#[cfg(feature = "std")]
pub use handshake::{
    examine::examine,
    fault::FieldFault,
    fields::HeaderRefused,
    http1::{
        body::{BodyProgress, BodyReader},
        client::ResponseReader,
        error::{HeadError, HeadLimit, Malformed},
        server::RequestReader,
        write::{write_request, write_response, write_switch},
    },
    key::{Accept, Key},
    limits::HandshakeLimits,
    offer::{Offer, OfferError, SubprotocolRule},
    offered::{Choice, NotOffered, Offered},
    origin::{InvalidOriginPattern, OriginPolicy},
    refusal::Refusal,
    response::ResponseError,
};
pub use message::{
    outgoing::Outgoing,
    types::{Kind, Message, MessageRef},
};
pub use rate::{OverRate, Rate};
pub use role::Role;
pub use time::Now;
pub use wharf_bytes::{InvalidUtf8, NotUtf8, PayloadTail, Text};
