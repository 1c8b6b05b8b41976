//! What checks need and a new machine lacks; installed once, found at once afterwards.

pub(crate) mod apt;
pub(crate) mod certificate;
pub(crate) mod node;
pub(crate) mod python;
mod stamp;
