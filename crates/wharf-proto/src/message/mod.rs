//! Messages: what the user sends and gets.

pub(crate) mod types;
