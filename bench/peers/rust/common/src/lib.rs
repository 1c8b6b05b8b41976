//! What the peers share: flags, a runtime, listening, and the loop of an Autobahn client.
#![forbid(unsafe_code)]

mod client;
mod flags;
mod server;

pub use client::{Session, drive};
pub use flags::{ClientFlags, Deflate, MAX_MESSAGE, ServerFlags, unsupported};
pub use server::{listen, run};
