//! Opening connections.

pub(crate) mod connect;
mod dial;
mod upgrade;
