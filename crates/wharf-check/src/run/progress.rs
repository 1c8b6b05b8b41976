//! How far a run is.

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Cases that are done.
    pub done: usize,
    /// Cases in all.
    pub of: usize,
}

impl Progress {
    /// So many of so many.
    pub(crate) const fn new(done: usize, of: usize) -> Self {
        Self { done, of }
    }
}
