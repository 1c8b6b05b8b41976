//! The stages of a connection's beginning.

use std::{
    fmt,
    sync::atomic::{AtomicU8, Ordering},
};

/// A stage on the way to an open connection, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Stage {
    /// Reading the URL; nothing has gone over the network.
    Url,
    /// Finding the addresses of the host.
    Resolve,
    /// Connecting a socket.
    Connect,
    /// Securing it with TLS.
    Tls,
    /// The opening handshake (RFC 6455 §4).
    Upgrade,
}

impl Stage {
    const ALL: [Self; 5] = [Self::Url, Self::Resolve, Self::Connect, Self::Tls, Self::Upgrade];
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "reading of the URL",
            Self::Resolve => "name resolution",
            Self::Connect => "connection",
            Self::Tls => "TLS handshake",
            Self::Upgrade => "opening handshake",
        })
    }
}

/// The stage that an attempt is in, seen from outside its future: when the deadline strikes, the future is
/// gone and only this can say where it stood.
#[derive(Debug)]
pub(crate) struct Progress(AtomicU8);

impl Progress {
    pub(crate) const fn new() -> Self {
        Self(AtomicU8::new(Stage::Url as u8))
    }

    pub(crate) fn enter(&self, stage: Stage) {
        self.0.store(stage as u8, Ordering::Relaxed);
    }

    pub(crate) fn stage(&self) -> Stage {
        Stage::ALL[usize::from(self.0.load(Ordering::Relaxed))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_names_the_stage_that_was_entered_last() {
        let progress = Progress::new();
        assert_eq!(progress.stage(), Stage::Url);
        for stage in Stage::ALL {
            progress.enter(stage);
            assert_eq!(progress.stage(), stage);
        }
    }
}
