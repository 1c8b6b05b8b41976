//! `wharf bench`: what may be typed, and what it means.

pub(crate) mod flags;
pub(crate) mod live;
pub(crate) mod settings;
pub(crate) mod values;
