//! A handshake under way.

use super::{
    meters::HandshakeMeter,
    span,
    verdict::{Outcome, Verdict},
};
use http::StatusCode;
use std::fmt;
use tracing::{Span, debug};
use wharf_proto::Role;

/// Watches a handshake from its beginning to its verdict; one that is dropped without has one too.
pub(crate) struct Handshake {
    role: Role,
    span: Span,
    meter: HandshakeMeter,
    verdict: Verdict,
    /// Why the next refusal is one, if it is not the application's.
    cause: &'static str,
}

impl Handshake {
    /// It begins in the connection's span, if there is one.
    pub(crate) fn begin(role: Role, span: Span) -> Self {
        let meter = HandshakeMeter::begin(role);
        Self { role, span, meter, verdict: Verdict::DROPPED, cause: "application" }
    }

    /// What opens the connection runs in its span, so that the socket finds it.
    pub(crate) fn open<T>(&self, open: impl FnOnce() -> T) -> T {
        self.span.in_scope(open)
    }

    /// What belongs to it is told in here.
    #[cfg(feature = "hyper")]
    pub(crate) const fn span(&self) -> &Span {
        &self.span
    }

    /// A refusal that comes now is for this reason.
    pub(crate) fn blame(&mut self, cause: &'static str) {
        self.cause = cause;
    }

    /// The server says no, with this status.
    pub(crate) fn refused(&mut self, status: StatusCode) {
        self.span.in_scope(|| debug!(status = status.as_u16(), "refused"));
        self.end(Verdict::refused(self.cause));
    }

    /// It came to nothing. The error is told in the log, so it must not hold secrets.
    pub(crate) fn fail<E: fmt::Display>(&mut self, error: &E)
    where
        for<'a> &'a E: Into<Verdict>,
    {
        self.span.in_scope(|| debug!(%error, "no handshake"));
        self.end(error);
    }

    /// The first verdict counts: what follows it only follows from it.
    pub(crate) fn end(&mut self, verdict: impl Into<Verdict>) {
        if self.verdict == Verdict::DROPPED {
            self.verdict = verdict.into();
        }
    }
}

impl Drop for Handshake {
    fn drop(&mut self) {
        let Verdict { outcome, reason } = self.verdict;
        self.meter.end(self.role, outcome.name(), reason);
        if outcome != Outcome::Accepted {
            let role = span::role_name(self.role);
            self.span.in_scope(|| debug!(role, outcome = outcome.name(), reason, "not opened"));
        }
    }
}
