//! What checks need and a new machine lacks; installed once, found at once afterwards.

pub(crate) mod python;
mod stamp;
