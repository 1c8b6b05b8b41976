//! The open WebSocket as its user sees it.

mod batching;
mod blocking;
mod cancelling;
mod compression;
mod ends;
mod scenarios;
mod senders;
mod signs_of_life;
mod support;
