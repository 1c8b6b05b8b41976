//! The open WebSocket.

mod buffer;
pub(crate) mod event;
mod pool;
pub(crate) mod reader;
pub(crate) mod receiver;
pub(crate) mod sender;
mod shared;
mod state;
mod timer;
pub(crate) mod websocket;
pub(crate) mod writer;
