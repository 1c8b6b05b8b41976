//! Whether those who are connected may stay.

pub(crate) mod access;
mod book;
pub(crate) mod builder;
pub(crate) mod handle;
mod patrol;
mod rules;
