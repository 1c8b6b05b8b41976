//! Who is behind a proxy: networks that are trusted, and what those in them may say.

mod crc;
mod either_preface;
pub(crate) mod error;
pub(crate) mod forwarded;
mod hops;
pub(crate) mod network;
mod node;
mod preface;
mod preface_v1;
mod preface_v2;
pub(super) mod reading;
