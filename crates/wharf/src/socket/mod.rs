//! The open WebSocket.

pub(crate) mod buffer;
mod clock;
mod drive;
pub(crate) mod event;
pub(crate) mod input;
mod member;
mod offer;
mod pausing;
pub(crate) mod ping;
pub(crate) mod pool;
pub(crate) mod reader;
pub(crate) mod receiver;
pub(crate) mod sender;
pub(crate) mod shared;
mod state;
mod timer;
mod waiters;
pub(crate) mod websocket;
mod writable;
pub(crate) mod writer;
