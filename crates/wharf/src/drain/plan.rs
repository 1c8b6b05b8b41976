//! How everybody is sent away.

use std::time::Duration;
use tokio::time::Instant;
use wharf_proto::{CloseCode, CloseReason};

/// How everybody is sent away: until when, how fast, and with which words.
///
/// ```
/// use std::time::Duration;
/// use wharf::{CloseCode, DrainPlan};
///
/// let plan = DrainPlan::new(Duration::from_secs(60))
///     .reason(CloseCode::SERVICE_RESTART)
///     .rate(500)
///     .retry_after(Duration::from_secs(5));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct DrainPlan {
    pub(crate) within: Duration,
    pub(crate) reason: CloseReason,
    pub(crate) pace: Pace,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) listening: Listening,
}

/// How the closes are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Not at all.
    AtOnce,
    /// So many in a second, or more where the time does not suffice.
    PerSecond(u32),
}

/// What becomes of a server's listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listening {
    /// It is closed.
    Over,
    /// It stays open, and whoever comes is refused.
    GoesOn,
}

impl DrainPlan {
    /// Everybody is closed with 1001, at a rate of 100 connections in a second; who is still here after
    /// `within` is cut.
    ///
    /// The last Close goes out early enough that its connection has its whole
    /// [`Timeouts::close`](crate::Timeouts::close), and a twentieth of `within` more. If there are too many
    /// connections for the rate, or too little time, they are closed faster, at worst all at once.
    pub fn new(within: Duration) -> Self {
        Self {
            within,
            reason: CloseCode::GOING_AWAY.into(),
            pace: Pace::PerSecond(100),
            retry_after: None,
            listening: Listening::Over,
        }
    }

    /// When a drain that begins now is over at the latest. It may be given more time than clocks have.
    pub(crate) fn deadline(&self, now: Instant) -> Instant {
        let century = Duration::from_secs(100 * 365 * 24 * 60 * 60);
        now.checked_add(self.within.min(century)).unwrap_or(now)
    }

    /// What the Close says. Default: 1001 (RFC 6455 §7.4.1). With
    /// [`SERVICE_RESTART`](CloseCode::SERVICE_RESTART), 1012, a client knows that coming back is worth its
    /// while, after a random time of 5 to 30 s as the registry of codes recommends.
    pub fn reason(mut self, reason: impl Into<CloseReason>) -> Self {
        self.reason = reason.into();
        self
    }

    /// How many connections are closed in a second, in batches of random size and distance, in random order:
    /// who is closed comes back, and not all of them together. Default: 100; 0 is 1.
    pub fn rate(mut self, per_second: u32) -> Self {
        self.pace = Pace::PerSecond(per_second.max(1));
        self
    }

    /// Closes all connections at once.
    pub fn at_once(mut self) -> Self {
        self.pace = Pace::AtOnce;
        self
    }

    /// When somebody who is refused may ask again: `Retry-After`, in whole seconds. Default: when the drain is
    /// over, and up to 10 s later at random.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// A [`Server`](crate::Server) goes on accepting while it drains, and says 503 to whoever comes. Default:
    /// it closes its listener first, so that nobody can connect. Does nothing where a server is not wharf's.
    pub fn keep_listening(mut self) -> Self {
        self.listening = Listening::GoesOn;
        self
    }
}

impl Default for DrainPlan {
    /// Within 10 s.
    fn default() -> Self {
        Self::new(Duration::from_secs(10))
    }
}
