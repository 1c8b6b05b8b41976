//! TLS for `wss://`, by rustls.

mod any;
mod identity;
mod roots;

pub(crate) mod connector;
pub(crate) mod error;
pub(crate) mod settings;

pub(crate) use connector::Connector;
pub(crate) use error::{TlsError, is_of_tls};
pub(crate) use settings::Tls;
