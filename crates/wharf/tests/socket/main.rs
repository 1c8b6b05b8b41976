//! The open WebSocket as its user sees it.

#![expect(clippy::unwrap_used, reason = "what a test needs to go on is there, or it fails")]

mod batching;
mod blocking;
mod cancelling;
#[cfg(feature = "deflate")]
mod compression;
mod ends;
mod limits;
mod scenarios;
mod senders;
mod signs_of_life;
mod support;
mod tcp;
