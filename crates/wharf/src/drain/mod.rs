//! Sending everybody away in good order.

mod course;
pub(crate) mod hall;
pub(crate) mod handle;
pub(crate) mod member;
mod open;
pub(crate) mod pass;
pub(crate) mod plan;
pub(crate) mod progress;
pub(crate) mod refusal;
pub(crate) mod run;
mod schedule;
