//! A client that stays connected (RFC 6455 §7.2.3).

mod causes;
mod link;
mod retry_after;
mod schedule;
mod shared;

pub(crate) mod backoff;
pub(crate) mod builder;
pub(crate) mod event;
pub(crate) mod queue;
pub(crate) mod reconnecting;
pub(crate) mod refused;
pub(crate) mod sender;
pub(crate) mod verdict;
