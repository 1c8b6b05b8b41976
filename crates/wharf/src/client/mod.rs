//! Opening connections (RFC 6455 §4.1).

mod cookie;
mod credentials;
mod dial;
mod network;

pub(crate) mod attempt;
pub(crate) mod builder;
pub(crate) mod connect;
pub(crate) mod dialer;
pub(crate) mod error;
pub(crate) mod exchange;
pub(crate) mod headers;
pub(crate) mod proxy;
pub(crate) mod race;
pub(crate) mod redirect;
pub(crate) mod refusal;
pub(crate) mod resolve;
pub(crate) mod settings;
pub(crate) mod stage;
pub(crate) mod target;
pub(crate) mod tcp;
#[cfg(feature = "rustls")]
pub(crate) mod tls;
#[cfg(not(feature = "rustls"))]
#[path = "no_tls/mod.rs"]
pub(crate) mod tls;
#[cfg(feature = "blocking")]
pub(crate) mod unsupported;
pub(crate) mod upgrade;
mod watch;
