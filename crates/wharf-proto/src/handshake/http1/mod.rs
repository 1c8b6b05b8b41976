//! HTTP/1.1, as far as a handshake needs it (RFC 9112).

pub(crate) mod body;
pub(crate) mod client;
pub(crate) mod error;
pub(crate) mod head;
pub(crate) mod scan;
pub(crate) mod server;
pub(crate) mod write;
