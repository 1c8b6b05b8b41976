//! A client that stays connected, against servers that do not.

#![expect(clippy::unwrap_used, reason = "what a test needs to go on is there, or it fails")]

mod board;
mod events;
mod messages;
mod restarts;
