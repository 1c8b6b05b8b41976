//! WebSockets on tokio.
#![forbid(unsafe_code)]

mod client;
mod entropy;
mod error;
mod server;
mod socket;
mod transport;
mod upgrade;

#[cfg(feature = "rustls")]
pub use client::tls::{
    error::TlsError,
    settings::{Tls, TlsBuilder},
};
pub use client::{
    attempt::Connecting,
    builder::{ClientBuilder, ClientSettingError},
    connect::{Client, connect},
    error::ConnectError,
    stage::Stage,
    target::UrlError,
};
pub use error::{Error, SendError};
#[cfg(feature = "rustls")]
pub use server::tls::{PeerTls, ServerTls, ServerTlsError};
pub use server::{
    accept::Accept,
    acceptor::Acceptor,
    builder::AcceptorBuilder,
    error::{AcceptError, AcceptStage},
    outcome::Outcome,
    request::Request,
    serve::Server,
    shutdown::{ShutdownHandle, ShutdownSummary},
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
pub use wharf_proto::{
    Agreement, Bytes, CloseCode, CloseReason, Config, ControlPayload, EndedBy, Ending,
    HandshakeLimits, InvalidSubprotocol, Kind, Limit, Limits, Message, MessageRef, Misdeed,
    NotSent, NotUtf8, Outgoing, PingId, ProtocolError, ReasonTooLong, Received, Role, Sent,
    Silence, Stats, Subprotocol, Text, Timeouts, WhyNot,
};
#[cfg(feature = "deflate")]
pub use wharf_proto::{Compression, Context, Deflate, DeflateAgreement, Direction, WindowBits};
pub use wharf_proto::{
    FieldFault, HeadError, HeaderRefused, InvalidOriginPattern, NotOffered, OriginPolicy, Refusal,
};
