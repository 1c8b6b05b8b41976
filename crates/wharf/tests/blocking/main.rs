//! The blocking face, as its user sees it: against the async one, against itself, and against peers made of bytes.
#![cfg(feature = "blocking")]
#![expect(clippy::unwrap_used, reason = "what a test needs to go on is there, or it fails")]

mod cuts;
mod handshakes;
mod settings;
mod support;
mod talking;
mod threads;
mod timeouts;
#[cfg(feature = "rustls")]
mod tls;
