//! WebSockets on tokio: client and server, strict and complete (RFC 6455), compressed where both ends agree
//! (RFC 7692), with safe defaults.
//!
//! # Quick start
//!
//! A server that sends back what comes, and a client:
//!
//! ```
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = wharf::Server::bind("127.0.0.1:0").await?;
//! let url = format!("ws://{}/", server.local_addr()?);
//! tokio::spawn(server.serve(|mut socket| async move {
//!     while let Ok(Some(message)) = socket.recv().await {
//!         if socket.send(message).await.is_err() {
//!             break;
//!         }
//!     }
//! }));
//!
//! let mut socket = wharf::connect(url).await?;
//! socket.send("hello").await?;
//! assert_eq!(socket.recv().await?, Some(wharf::Message::from("hello")));
//! let ending = socket.close(wharf::CloseCode::NORMAL).await;
//! assert!(ending.is_clean());
//! # Ok(())
//! # }
//! ```
//!
//! - To open connections: [`connect`], or a [`Client`] with settings: proxies, redirects, credentials, TLS.
//! - To stay connected: [`Client::reconnecting`].
//! - To accept them: [`Server`], or an [`Acceptor`] for streams of any kind.
//! - In an application of axum's, hyper's or tower's: the modules `axum`, `hyper` and `tower`, each a feature.
//! - After somebody else's opening handshake: [`WebSocket::over`].
//! - To read and write in different tasks: [`WebSocket::split`], and as many [`Sender`]s as you like.
//! - For messages larger than memory: [`WebSocket::recv_reader`] and [`WebSocket::write_binary`].
//!
//! # What drives a connection
//!
//! There is no background task. While a future of the [`WebSocket`] or its [`Receiver`] is polled, Pings are
//! answered, and keep-alive and deadlines run; who does not read for long polls [`drive`](WebSocket::drive).
//! What was sent needs nobody: it is written when the sending task yields, at the latest, and goes on as the
//! transport takes it.
//!
//! A connection ends with an [`Ending`], not with an error: `recv` returns `None`, and
//! [`ending`](WebSocket::ending) tells who closed, with which code, and whether cleanly. An [`Error`] means
//! that the peer broke a rule or fell silent, or that the transport failed.
//!
//! # Cancel safety
//!
//! Any future can be dropped at any time, for example by `tokio::select!`:
//!
//! | future | when it is dropped before it is ready |
//! |---|---|
//! | [`recv`](WebSocket::recv), [`recv_ref`](WebSocket::recv_ref), [`recv_event`](WebSocket::recv_event), [`recv_reader`](WebSocket::recv_reader), [`chunk`](MessageReader::chunk) | nothing is lost: the next call goes on |
//! | [`send`](WebSocket::send) | nothing was sent |
//! | [`flush`](WebSocket::flush), [`closed`](Sender::closed), [`Ping`] | nothing changes |
//! | [`write_text`](WebSocket::write_text), [`write_binary`](WebSocket::write_binary) | no message was begun |
//! | [`write`](TextWriter::write) of a writer | nothing of this fragment was sent; the message goes on |
//! | [`finish`](TextWriter::finish) of a writer | as dropping the writer: the connection is closed |
//! | [`close`](WebSocket::close) | the Close is sent or queued; call again to see it through |
//! | [`drive`](WebSocket::drive) | the driving stops |
//! | [`Connecting`] | the connection is given up |
//! | [`next`](Reconnecting::next) of a [`Reconnecting`] | nothing is lost: the next call goes on |
//! | [`send`](ReconnectingSender::send) of a [`ReconnectingSender`] | nothing was accepted |
//! | [`close`](Reconnecting::close) of a [`Reconnecting`] | the connection ends with 1001, and what waits is lost |
//!
//! # Features
//!
//! - `deflate` (default): permessage-deflate.
//! - `rustls` (default): `wss://` by rustls, with the platform's roots.
//! - `metrics`: what connections do, as numbers, through the [`metrics`](https://docs.rs/metrics) facade.
//! - `axum`: an extractor for axum's handlers, in the module `axum`.
//! - `hyper`: WebSockets out of requests that hyper has read, in the module `hyper`.
//! - `tower`: a layer around any service under hyper, in the module `tower`.
//! - `blocking`: the same without a runtime, in the module `blocking`.
//! - `testing`: WebSockets without sockets, for your tests, in the module `testing`.
//!
//! # Metrics and traces
//!
//! Each connection has a `tracing` span, `connection`, at level debug; no payload and no header is ever told. With the
//! feature `metrics` connections, handshakes, messages, bytes, closes and errors are counted for the recorder that you
//! install. The names, what they mean and how fresh they are stand in `docs/observability.md`.
//!
//! # Runtime
//!
//! Connections live in a tokio runtime with its I/O and time drivers enabled.
#![forbid(unsafe_code)]

#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
mod drain;
mod entropy;
mod error;
#[cfg(doctest)]
mod guides;
#[cfg(feature = "hyper")]
pub mod hyper;
mod observe;
mod random;
mod reconnect;
mod server;
mod shelf;
mod socket;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "tower")]
pub mod tower;
mod transport;
mod upgrade;
mod warden;

#[cfg(feature = "rustls")]
pub use client::tls::{
    error::TlsError,
    settings::{Tls, TlsBuilder},
};
pub use client::{
    attempt::Connecting,
    builder::{ClientBuilder, ClientSettingError},
    connect::{Client, connect},
    dialer::{Dial, Dialled},
    error::ConnectError,
    proxy::{
        error::ProxyError,
        reply::SocksReply,
        server::{InvalidProxy, Proxy},
    },
    redirect::RedirectError,
    resolve::{BoxFuture, Resolve},
    stage::Stage,
    target::UrlError,
    tcp::{Nagle, TcpOptions},
};
pub use drain::{
    handle::Drain,
    pass::Pass,
    plan::DrainPlan,
    progress::{DrainPhase, DrainProgress, DrainSummary},
    refusal::Draining,
    run::DrainRun,
};
pub use error::{Error, SendError};
#[cfg(feature = "metrics")]
pub use observe::names::describe_metrics;
pub use reconnect::{
    backoff::Backoff,
    builder::ReconnectingBuilder,
    event::{DownReason, ReconnectEvent},
    queue::{Gap, Unsent},
    reconnecting::{Reconnecting, Resume},
    refused::NotQueued,
    sender::ReconnectingSender,
    verdict::Verdict,
};
#[cfg(feature = "rustls")]
pub use server::tls::{PeerTls, ServerTls, ServerTlsError};
pub use server::{
    accept::Accept,
    acceptor::Acceptor,
    builder::AcceptorBuilder,
    error::{AcceptError, AcceptStage},
    outcome::Outcome,
    proxies::{
        error::{ForwardedError, ProxyHeaderError},
        forwarded::{Forwarded, ForwardedHeader},
        network::{InvalidNetwork, TrustedProxies},
    },
    quota::{Quota, QuotaExceeded, QuotaGuard},
    request::Request,
    serve::Server,
    shutdown::ShutdownHandle,
    summary::ShutdownSummary,
};
pub use socket::{
    event::Event,
    ping::Ping,
    reader::MessageReader,
    receiver::Receiver,
    sender::Sender,
    websocket::WebSocket,
    writer::{BinaryWriter, TextWriter},
};
pub use warden::{
    access::{Access, OnUnknown},
    builder::WardenBuilder,
    handle::Warden,
};
pub use wharf_proto::{
    Agreement, Bytes, CloseCode, CloseReason, Config, ControlPayload, EndedBy, Ending,
    HandshakeLimits, InvalidSubprotocol, Kind, Limit, Limits, Message, MessageRef, Misdeed,
    NotSent, NotUtf8, OnFull, Outgoing, OverRate, ProtocolError, Rate, ReasonTooLong, Received,
    Role, Sent, Silence, Stats, Subprotocol, Text, Timeouts, WhyNot,
};
#[cfg(feature = "deflate")]
pub use wharf_proto::{Compression, Context, Deflate, DeflateAgreement, Direction, WindowBits};
pub use wharf_proto::{
    FieldFault, HeadError, HeaderRefused, InvalidOriginPattern, NotOffered, OriginPolicy, Refusal,
};
