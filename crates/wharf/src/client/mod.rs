//! Opening connections (RFC 6455 §4.1).

mod dial;
pub(crate) mod race;

pub(crate) mod attempt;
pub(crate) mod builder;
pub(crate) mod connect;
pub(crate) mod error;
pub(crate) mod settings;
pub(crate) mod stage;
pub(crate) mod target;
#[cfg(feature = "rustls")]
pub(crate) mod tls;
#[cfg(not(feature = "rustls"))]
#[path = "no_tls/mod.rs"]
pub(crate) mod tls;
pub(crate) mod upgrade;
mod watch;
