//! Whether to try again.

use std::time::Duration;

/// What follows from the loss of a connection, or from an attempt that came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Try again after the back-off.
    Retry,
    /// Try again after this time and the back-off: a server has asked for it.
    RetryAfter(Duration),
    /// Do not try again: it would come to the same.
    GiveUp,
}
