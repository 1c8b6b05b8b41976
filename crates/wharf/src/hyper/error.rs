//! Why a request that was accepted did not become a WebSocket.

use std::{error::Error, fmt, io, time::Duration};
use wharf_proto::NotOffered;

/// A request was in order, and yet there is no WebSocket.
#[derive(Debug)]
#[non_exhaustive]
pub enum UpgradeError {
    /// The connection ended before the 101 was written.
    Left,
    /// The 101 was not written within so much time ([`Upgrader::timeout`](super::Upgrader::timeout)).
    TimedOut(Duration),
    /// hyper keeps the connection: it is served without `with_upgrades()`.
    Kept(io::Error),
    /// The terms do not fit the offer; the request was answered with 500.
    Answer(NotOffered),
}

impl UpgradeError {
    pub(super) fn by_hyper(error: ::hyper::Error) -> Self {
        if error.is_canceled() { Self::Left } else { Self::Kept(io::Error::other(error)) }
    }
}

impl fmt::Display for UpgradeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Left => f.write_str("the connection ended before the 101 was written"),
            Self::TimedOut(within) => {
                write!(f, "the 101 was not written within {within:?} (Upgrader's timeout)")
            }
            Self::Kept(error) => write!(
                f,
                "the HTTP server keeps the connection ({error}): serve it with hyper's with_upgrades()"
            ),
            Self::Answer(error) => write!(f, "the answer to the request is wrong: {error}"),
        }
    }
}

impl Error for UpgradeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Kept(error) => Some(error),
            Self::Left | Self::TimedOut(_) | Self::Answer(_) => None,
        }
    }
}
