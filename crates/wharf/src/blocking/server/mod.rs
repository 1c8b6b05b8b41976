//! Accepting connections.

pub(crate) mod acceptor;
mod link;
pub(crate) mod request;
