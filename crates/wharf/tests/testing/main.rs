//! What `wharf::testing` promises to those who test with it.
#![cfg(feature = "testing")]
#![expect(clippy::unwrap_used, reason = "what a test needs to go on is there, or it fails")]

mod handlers;
mod peers;
mod wires;
