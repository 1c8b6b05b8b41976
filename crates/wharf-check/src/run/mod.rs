//! Runs cases: one interpreter for both roles.

pub(crate) mod agreement;
pub(crate) mod case;
pub(crate) mod client;
pub(crate) mod codec;
pub(crate) mod command;
pub(crate) mod desk;
pub(crate) mod event;
pub(crate) mod facts;
pub(crate) mod handshake;
pub(crate) mod interpret;
pub(crate) mod link;
pub(crate) mod miss;
pub(crate) mod open;
pub(crate) mod pace;
pub(crate) mod pipe;
pub(crate) mod plan;
pub(crate) mod progress;
pub(crate) mod reception;
pub(crate) mod server;
pub(crate) mod stall;
pub(crate) mod stream;
pub(crate) mod survey;
pub(crate) mod target;
pub(crate) mod tls;
pub(crate) mod transcript;
pub(crate) mod wait;
