//! TLS for `wss://`, by rustls.

mod any;
mod identity;
mod roots;

pub(crate) mod connector;
pub(crate) mod error;
pub(crate) mod settings;
