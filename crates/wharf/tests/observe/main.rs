//! What others see of connections.
#![expect(clippy::unwrap_used, reason = "what a test needs to go on is there, or it fails")]

mod adapters;
mod closings;
mod log;
mod numbers;
mod recorder;
mod scenes;
mod spans;
mod table;
