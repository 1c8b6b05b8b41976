//! Proxies on the way to a server (RFC 6455 §4.1, item 3).

pub(crate) mod bypass;
pub(crate) mod choice;
pub(crate) mod env;
pub(crate) mod error;
mod http;
pub(crate) mod reply;
pub(crate) mod server;
mod socks5;
pub(crate) mod tunnel;
