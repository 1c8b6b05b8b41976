//! A connection: both halves, for a driver that owns them together.

mod asides;
mod assembly;
mod burst;
pub(crate) mod closing;
pub(crate) mod ending;
pub(crate) mod event;
pub(crate) mod fault;
pub(crate) mod found;
mod handover;
pub(crate) mod inbound;
pub(crate) mod input;
pub(crate) mod joined;
pub(crate) mod keepalive;
mod keys;
mod landing;
mod lifetime;
mod meter;
pub(crate) mod outbound;
pub(crate) mod outbox;
mod overload;
mod pacing;
mod packer;
mod reading;
pub(crate) mod refusal;
pub(crate) mod stats;
mod urgent;
mod writing;
