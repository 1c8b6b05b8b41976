//! What became of a handshake, in few words: they are labels, so there must not be many.

/// What became of a handshake, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    /// One of a fixed set; nothing that a peer says gets into it.
    pub(crate) reason: &'static str,
}

/// What became of a handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A WebSocket is open.
    Accepted,
    /// The server answered, with something else than 101.
    Refused,
    /// It came to no answer, or to one that breaks a rule.
    Failed,
    /// Whoever waited for it did so no longer.
    Dropped,
}

impl Outcome {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

impl Verdict {
    pub(crate) const ACCEPTED: Self = Self { outcome: Outcome::Accepted, reason: "none" };
    pub(crate) const DROPPED: Self = Self { outcome: Outcome::Dropped, reason: "none" };

    pub(crate) const fn refused(reason: &'static str) -> Self {
        Self { outcome: Outcome::Refused, reason }
    }

    pub(crate) const fn failed(reason: &'static str) -> Self {
        Self { outcome: Outcome::Failed, reason }
    }
}
