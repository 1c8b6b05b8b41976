//! A small WebSocket peer, correct unless it is given a [`Fault`]. It shares no code with what it tests.

mod admission;
mod base64;
mod bits;
mod client;
mod close;
mod deflate;
mod echo;
mod extension;
mod frame;
mod head;
mod inflate;
mod keys;
mod message;
mod offer;
mod origin;
mod request;
mod response;
mod server;
mod session;
mod setup;
mod sha1;
mod text;
mod wire;

pub(crate) use client::Client;
pub(crate) use server::{Life, Server};
pub(crate) use setup::Setup;
