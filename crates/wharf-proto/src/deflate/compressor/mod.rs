//! DEFLATE for messages (RFC 1951): a compressor whose cost follows the length of the message.
//!
//! [`History`] holds plain text and finds what repeats in it, [`Encoder`] turns that into blocks. A
//! history is small, so that a connection with context takeover can keep its own.

mod alphabet;
mod bits;
mod block;
mod code;
mod effort;
mod encoder;
mod fixed;
mod header;
mod history;
mod lendable;
mod search;

pub(super) use effort::Effort;
pub(super) use encoder::Encoder;
pub(super) use history::History;
pub(super) use lendable::Compressor;
