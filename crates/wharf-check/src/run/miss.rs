//! What came instead of what may come.

use crate::case::kinds::Level;

/// Something else came, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Miss {
    pub(crate) kind: Kind,
    /// What was expected and what came.
    pub(crate) told: String,
    /// How binding the rule is that was broken, if it is less so than the case's.
    pub(crate) level: Option<Level>,
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
    fn new(kind: Kind, told: impl Into<String>) -> Self {
        Self { kind, told: told.into(), level: None }
    }

    /// Of a rule that is less binding than the case's.
    pub(crate) fn of(self, level: Level) -> Self {
        Self { level: Some(level), ..self }
    }

    pub(crate) fn refused(told: impl Into<String>) -> Self {
        Self::new(Kind::Refused, told)
    }

    pub(crate) fn accepted(told: impl Into<String>) -> Self {
        Self::new(Kind::Accepted, told)
    }

    pub(crate) fn wrong(told: impl Into<String>) -> Self {
        Self::new(Kind::Wrong, told)
    }

    pub(crate) fn silent(told: impl Into<String>) -> Self {
        Self::new(Kind::Silent, told)
    }

    pub(crate) fn unanswered(told: impl Into<String>) -> Self {
        Self::new(Kind::Unanswered, told)
    }
}
