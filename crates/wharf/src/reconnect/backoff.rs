//! How long to wait before the next attempt, and when to make none.

use std::time::Duration;

/// When to connect again, and when to give up.
///
/// Before the n-th attempt in a row, a random time is waited for, from nothing to a window: the first window is
/// [`first`](Self::first), each further one is twice as wide, up to [`longest`](Self::longest) (RFC 6455 §7.2.3).
/// All of the window is random, so that the clients of a server that restarts do not come back together.
///
/// ```
/// use std::time::Duration;
///
/// let backoff = wharf::Backoff::new()
///     .first(Duration::from_secs(1))
///     .longest(Duration::from_secs(30))
///     .give_up_after(Duration::from_secs(600));
/// # drop(backoff);
/// ```
#[derive(Debug, Clone)]
pub struct Backoff {
    pub(crate) first: Duration,
    pub(crate) longest: Duration,
    pub(crate) stable: Duration,
    pub(crate) longest_retry_after: Duration,
    pub(crate) attempts: Option<u32>,
    pub(crate) give_up_after: Option<Duration>,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(5),
            longest: Duration::from_secs(60),
            stable: Duration::from_secs(30),
            longest_retry_after: Duration::from_secs(3600),
            attempts: None,
            give_up_after: None,
        }
    }
}

impl Backoff {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The window before the first attempt after a connection was lost. Default: 5 s, as RFC 6455 §7.2.3 has it.
    #[must_use]
    pub const fn first(mut self, window: Duration) -> Self {
        self.first = window;
        self
    }

    /// The widest window. Default: 60 s.
    #[must_use]
    pub const fn longest(mut self, window: Duration) -> Self {
        self.longest = window;
        self
    }

    /// How long a connection must have lasted for the windows to begin anew, and the counts of the rules to give
    /// up as well: one that is opened and closed at once is a failure like any other. Default: 30 s.
    #[must_use]
    pub const fn stable_after(mut self, time: Duration) -> Self {
        self.stable = time;
        self
    }

    /// The longest `Retry-After` of a server's that is obeyed; a longer one is taken for this. Default: 1 h.
    #[must_use]
    pub const fn longest_retry_after(mut self, time: Duration) -> Self {
        self.longest_retry_after = time;
        self
    }

    /// Gives up when so many attempts in a row came to nothing. Default: never.
    #[must_use]
    pub fn attempts(mut self, count: impl Into<Option<u32>>) -> Self {
        self.attempts = count.into();
        self
    }

    /// Gives up when there was no connection for so long, or would be none before the next attempt. Default:
    /// never.
    #[must_use]
    pub fn give_up_after(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.give_up_after = time.into();
        self
    }

    /// The window after so many failures in a row, one at least.
    pub(crate) fn window(&self, failures: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        self.first.saturating_mul(doubled).min(self.longest)
    }
}
