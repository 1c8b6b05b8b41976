//! How long the accept loop waits after an error.

use std::{io, time::Duration};

/// What the loop does about an error of `accept`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// One connection died before it was ours; the next may be fine.
    AtOnce,
    /// The machine is short of something (EMFILE, ENFILE, ENOBUFS, ENOMEM): trying at once would spin.
    After(Duration),
}

/// Doubles from 10 ms to 1 s with each failure in a row.
#[derive(Debug)]
pub(super) struct Backoff(Duration);

impl Backoff {
    const FIRST: Duration = Duration::from_millis(10);
    const LAST: Duration = Duration::from_secs(1);

    pub(super) const fn new() -> Self {
        Self(Self::FIRST)
    }

    pub(super) const fn reset(&mut self) {
        self.0 = Self::FIRST;
    }

    pub(super) fn after(&mut self, error: &io::Error) -> Next {
        if died_in_the_backlog(error.kind()) {
            return Next::AtOnce;
        }
        let wait = self.0;
        self.0 = Self::LAST.min(wait * 2);
        Next::After(wait)
    }
}

const fn died_in_the_backlog(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(kind, ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short_of_descriptors() -> io::Error {
        io::Error::other("too many open files")
    }

    #[test]
    fn errors_of_the_machine_back_off_from_10_ms_to_1_s() {
        let mut backoff = Backoff::new();
        let waits: Vec<_> = (0..9).map(|_| backoff.after(&short_of_descriptors())).collect();
        let expected = [10, 20, 40, 80, 160, 320, 640, 1000, 1000];
        assert_eq!(waits, expected.map(|ms| Next::After(Duration::from_millis(ms))));
    }

    #[test]
    fn a_success_starts_again_at_10_ms() {
        let mut backoff = Backoff::new();
        backoff.after(&short_of_descriptors());
        backoff.reset();
        assert_eq!(backoff.after(&short_of_descriptors()), Next::After(Backoff::FIRST));
    }

    #[test]
    fn a_connection_that_died_in_the_backlog_delays_nobody() {
        let aborted = io::ErrorKind::ConnectionAborted.into();
        assert_eq!(Backoff::new().after(&aborted), Next::AtOnce);
    }
}
