//! The limit: what the kernel's part of an echo costs.
//!
//! A connection is upgraded by the rules, and its first message is parsed, unmasked and echoed by the rules. From
//! then on nothing is parsed: the bytes that come are counted, and for each run of as many bytes as the first frame
//! had, the first reply is written again. So the answers are right only for a client that sends the same message
//! over and over, which is what a load generator does. It is no WebSocket server, and every figure of it says only
//! how little is left to gain.
#![forbid(unsafe_code)]

mod connection;
mod frame;
mod upgrade;

pub use connection::{Connection, Next};

/// How much is read at once.
pub const CHUNK: usize = 64 << 10;
