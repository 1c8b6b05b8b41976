//! The answer to whether somebody may stay.

use wharf_proto::{CloseCode, CloseReason};

/// Whether a connection may stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Until it is asked for again.
    Granted,
    /// It is closed with this reason.
    Denied(CloseReason),
    /// It could not be found out: see [`OnUnknown`].
    Unknown,
}

/// What becomes of a connection when nobody can say whether it may stay: because the hook said
/// [`Access::Unknown`], panicked, or took too long.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OnUnknown {
    /// It stays until it is asked for again: what is asked may be down for a moment, and everybody would be
    /// closed. The default.
    #[default]
    Keep,
    /// It is closed with this reason; [`TRY_AGAIN_LATER`](CloseCode::TRY_AGAIN_LATER) fits.
    Close(CloseReason),
}

impl Access {
    /// Closed with 1008 (RFC 6455 §7.4.1): the policy of the server has changed its mind.
    ///
    /// The registry of close codes has 3000, Unauthorized, and 3003, Forbidden, for those whose clients know
    /// them: `Access::Denied(CloseCode::new(3000).unwrap().into())`.
    pub fn denied() -> Self {
        Self::Denied(CloseCode::POLICY_VIOLATION.into())
    }
}
