//! What came of an end that was too fast for the other.

use crate::time::Now;

/// What most connections never need.
#[derive(Debug, Default)]
pub(super) struct Overload {
    /// Messages that nobody waited for.
    pub(super) dropped: u64,
    /// Until when nothing is read. Zero: nothing is paused.
    pub(super) resume_at: Now,
}
