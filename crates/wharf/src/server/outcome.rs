//! What a handler may return.

use crate::observe::{meters, span::Blame};
use std::fmt::Display;
use wharf_proto::Role;

/// What a handler may return: nothing, or a result whose error is then logged at debug level.
pub trait Outcome: Send + 'static {
    /// Tells the log of a failure.
    fn log(self);
}

impl Outcome for () {
    fn log(self) {}
}

impl<E: Display + Send + 'static> Outcome for Result<(), E> {
    fn log(self) {
        if let Err(error) = self {
            tracing::debug!(%error, "the handler failed");
            meters::error(Role::Server, Blame::Handler);
        }
    }
}
