//! What the run tells its workers, and they tell the run.

use crate::tally::Tally;
use wharf_proto::Now;

/// A worker's part.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share {
    pub(crate) worker: u64,
    pub(crate) workers: u64,
    /// Connections of this worker.
    pub(crate) connections: u64,
}

impl Share {
    /// The number of a connection among those of all workers.
    pub(crate) const fn global(self, index: u64) -> u64 {
        self.worker + index * self.workers
    }

    /// The parts of all workers.
    pub(crate) fn all(connections: u64, workers: u64) -> impl Iterator<Item = Self> {
        let part = move |worker| connections / workers + u64::from(worker < connections % workers);
        (0..workers).map(move |worker| Self { worker, workers, connections: part(worker) })
    }
}

/// What a worker is to do.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    /// Load by the plan.
    Load { start: Now },
    /// Send so many messages on each connection at once.
    Touch { each: u64 },
    /// Send no more.
    Halt,
    /// Close everything.
    Leave,
}

/// What a worker has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// Every connection is open, or will never be; so many can be used.
    Settled { ready: u64 },
    /// The order is done.
    Done,
}

impl Notice {
    /// How many connections can be used.
    pub(crate) const fn ready(self) -> u64 {
        match self {
            Self::Settled { ready } => ready,
            Self::Done => 0,
        }
    }
}

/// What is left of a worker.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) tally: Tally,
    pub(crate) now: Now,
}

#[cfg(test)]
mod tests {
    use super::Share;

    /// Every connection belongs to one worker.
    #[test]
    fn shares_are_disjoint_and_whole() {
        let mut all: Vec<u64> = Share::all(10, 4)
            .flat_map(|share| (0..share.connections).map(move |i| share.global(i)))
            .collect();
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
    }
}
