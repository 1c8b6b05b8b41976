//! A message in pieces.

/// Where a piece stands in its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// More pieces follow.
    More,
    /// It is the last, and may be empty.
    Last,
}
