//! What a worker counts, and where others may look.

use crate::trouble::Troubles;
use hdrhistogram::Histogram;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};
use wharf_proto::Now;

/// Latencies in nanoseconds, to three digits.
pub(crate) type Latencies = Histogram<u64>;

/// Longer latencies are counted as this long.
const LONGEST: u64 = 3_600_000_000_000;

/// An empty histogram; it never grows.
pub(crate) fn latencies() -> Latencies {
    Histogram::new_with_bounds(1, LONGEST, 3).expect("1 is below the longest, 3 digits are allowed")
}

/// What is known of a worker while it runs.
#[derive(Debug)]
pub(crate) struct Board {
    pub(crate) opened: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) received: AtomicU64,
    recent: Mutex<Latencies>,
}

impl Board {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            opened: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            received: AtomicU64::new(0),
            recent: Mutex::new(latencies()),
        })
    }

    /// Moves the latencies since the last call into `into`.
    pub(crate) fn take_recent(&self, into: &mut Latencies) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        into.add(&*recent).expect("both have the same bounds");
        recent.reset();
    }
}

/// How often a worker shows its latencies.
const SHOWN_EVERY: Duration = Duration::from_millis(50);

/// Whether what happens counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counts {
    Yes,
    No,
}

/// What one worker counts.
#[derive(Debug)]
pub(crate) struct Tally {
    board: Arc<Board>,
    unshown: Latencies,
    shown_at: Now,
    counts: Counts,
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) bytes: u64,
    pub(crate) opened: u64,
    /// Messages that were due by the clock and never sent.
    pub(crate) owed: u64,
    /// Messages without an answer at the end.
    pub(crate) unanswered: u64,
    pub(crate) troubles: Troubles,
    /// When the last message that counts came.
    pub(crate) last: Now,
}

impl Tally {
    pub(crate) fn new(board: Arc<Board>) -> Self {
        Self {
            board,
            unshown: latencies(),
            shown_at: Now::default(),
            counts: Counts::No,
            sent: 0,
            received: 0,
            bytes: 0,
            opened: 0,
            owed: 0,
            unanswered: 0,
            troubles: Troubles::default(),
            last: Now::default(),
        }
    }

    /// From now on things count, or no more.
    pub(crate) const fn set(&mut self, counts: Counts) {
        self.counts = counts;
    }

    pub(crate) fn sent(&mut self, count: u64) {
        if self.counts == Counts::Yes {
            self.sent += count;
        }
    }

    /// `count` answers of `len` bytes each came after this time.
    pub(crate) fn received(&mut self, latency: Duration, count: u64, len: usize, now: Now) {
        if self.counts == Counts::Yes {
            let latency = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
            self.unshown.saturating_record_n(latency.max(1), count);
            self.received += count;
            self.bytes += count * len as u64;
            self.last = now;
        }
    }

    /// Lets others see it.
    pub(crate) fn show(&mut self, now: Now) {
        self.board.sent.store(self.sent, Relaxed);
        self.board.received.store(self.received, Relaxed);
        self.board.opened.store(self.opened, Relaxed);
        if now - self.shown_at >= SHOWN_EVERY {
            self.show_latencies(now);
        }
    }

    /// Lets others see the latencies at once.
    pub(crate) fn show_latencies(&mut self, now: Now) {
        self.shown_at = now;
        if !self.unshown.is_empty() {
            let mut recent = self.board.recent.lock().unwrap_or_else(PoisonError::into_inner);
            recent.add(&self.unshown).expect("both have the same bounds");
            self.unshown.reset();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Board, Counts, Tally, latencies};
    use crate::clock::at;
    use std::{sync::Arc, time::Duration};

    /// Outside the window nothing counts, inside everything does, and each latency is shown once.
    #[test]
    fn only_the_window_counts() {
        let (board, now) = (Board::new(), at(1));
        let mut tally = Tally::new(Arc::clone(&board));
        for counts in [Counts::No, Counts::Yes, Counts::No] {
            tally.set(counts);
            tally.sent(2);
            tally.received(Duration::from_micros(5), 2, 10, now);
        }
        assert_eq!((tally.sent, tally.received, tally.bytes), (2, 2, 20));
        tally.show_latencies(now);
        let mut seen = latencies();
        board.take_recent(&mut seen);
        board.take_recent(&mut seen);
        assert_eq!((seen.len(), seen.max()), (2, 5_003));
    }
}
