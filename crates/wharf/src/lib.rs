//! WebSockets on tokio.
#![forbid(unsafe_code)]

mod client;
mod socket;
mod transport;

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
pub use socket::WebSocket;
