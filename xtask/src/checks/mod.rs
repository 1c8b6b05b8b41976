//! The gates that only need cargo.

pub(crate) mod cargo;
pub(crate) mod deny;
pub(crate) mod features;
mod spdx;
pub(crate) mod targets;
