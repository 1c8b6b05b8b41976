//! What came instead of what may come.

/// Something else came, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Miss {
    pub(crate) kind: Kind,
    /// What was expected and what came.
    pub(crate) told: String,
}

/// The kind of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The target refused what was sent.
    Refused,
    /// The target went on, although it had to refuse.
    Accepted,
    /// Neither: something wrong.
    Wrong,
    /// Nothing came within the bound, although the connection is open.
    Silent,
    /// No answer of HTTP came within the bound, or the stream was never there.
    Unanswered,
}

impl Miss {
    pub(crate) fn refused(told: impl Into<String>) -> Self {
        Self { kind: Kind::Refused, told: told.into() }
    }

    pub(crate) fn accepted(told: impl Into<String>) -> Self {
        Self { kind: Kind::Accepted, told: told.into() }
    }

    pub(crate) fn wrong(told: impl Into<String>) -> Self {
        Self { kind: Kind::Wrong, told: told.into() }
    }

    pub(crate) fn silent(told: impl Into<String>) -> Self {
        Self { kind: Kind::Silent, told: told.into() }
    }

    pub(crate) fn unanswered(told: impl Into<String>) -> Self {
        Self { kind: Kind::Unanswered, told: told.into() }
    }
}
