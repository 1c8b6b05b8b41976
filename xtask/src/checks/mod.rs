//! The gates that only need cargo.

pub(crate) mod cargo;
pub(crate) mod deny;
pub(crate) mod features;
pub(crate) mod migrate;
mod spdx;
pub(crate) mod targets;
