//! Messages: what the user sends and gets.

pub(crate) mod outgoing;
pub(crate) mod types;
