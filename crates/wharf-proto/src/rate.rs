//! How much a peer may send in a second.

use core::{
    num::{NonZeroU32, NonZeroU64},
    time::Duration,
};

/// How much a peer may send in a second, for [`Limits::rate`](crate::Limits::rate).
///
/// ```
/// use core::num::{NonZeroU32, NonZeroU64};
/// use wharf_proto::{Config, OverRate, Rate, Role};
///
/// let mut rate = Rate::default();
/// rate.messages = NonZeroU32::new(50);
/// rate.bytes = NonZeroU64::new(256 << 10);
/// rate.over = OverRate::Close;
/// let mut config = Config::new(Role::Server);
/// config.limits.rate = Some(rate);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rate {
    /// Messages that may begin in a second. Default: `None`, any number.
    pub messages: Option<NonZeroU32>,
    /// Bytes of frames in a second as they come: compressed if they were, with headers, with control frames.
    /// Default: `None`, any number.
    pub bytes: Option<NonZeroU64>,
    /// How long the peer may have saved for what it sends at once: after so much silence it may send what the
    /// rate allows in this time. One message is always allowed. Default: 1 s.
    pub burst: Duration,
    /// What becomes of a peer that sends more. Default: [`OverRate::Delay`].
    pub over: OverRate,
}

/// What becomes of a peer that sends more than its [`Rate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OverRate {
    /// It is read no faster: its next data waits, at most one read of it in memory, and the transport makes the
    /// peer wait. Pings and Closes are answered as far as they stand before the data that waits. The wait counts
    /// as no silence of the peer's.
    #[default]
    Delay,
    /// The connection is closed with 1008 when a data frame begins and the rate is used up. The frame that uses
    /// it up may be of any length that [`Limits::frame`](crate::Limits::frame) allows.
    Close,
}

impl Default for Rate {
    fn default() -> Self {
        Self { messages: None, bytes: None, burst: Duration::from_secs(1), over: OverRate::Delay }
    }
}
