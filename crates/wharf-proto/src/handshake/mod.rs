//! The opening handshake as data.

pub(crate) mod agreement;
pub(crate) mod subprotocol;
