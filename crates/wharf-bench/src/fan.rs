//! What was published, and who has not received it.

use std::{collections::VecDeque, time::Duration};
use wharf_proto::Now;

/// Messages that not all have received, in order.
#[derive(Debug, Default)]
pub(crate) struct Fan {
    first: u64,
    waiting: VecDeque<Round>,
}

/// One message.
#[derive(Debug)]
struct Round {
    since: Now,
    missing: u64,
}

impl Fan {
    /// Message number `first + waiting` goes to so many.
    pub(crate) fn published(&mut self, since: Now, receivers: u64) {
        self.waiting.push_back(Round { since, missing: receivers });
    }

    /// Somebody has message `number`: how long it took, and how many messages all have now that not all had.
    pub(crate) fn received(&mut self, number: u64, now: Now) -> Option<(Duration, u64)> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let round = self.waiting.get_mut(index)?;
        round.missing = round.missing.saturating_sub(1);
        let latency = now - round.since;
        Some((latency, self.settle()))
    }

    /// Somebody who waits for message `next` and all that follow is gone: how many messages all have now.
    pub(crate) fn lost(&mut self, next: u64) -> u64 {
        let skip = usize::try_from(next.saturating_sub(self.first)).unwrap_or(usize::MAX);
        for round in self.waiting.iter_mut().skip(skip) {
            round.missing = round.missing.saturating_sub(1);
        }
        self.settle()
    }

    fn settle(&mut self) -> u64 {
        let mut done = 0;
        while self.waiting.front().is_some_and(|round| round.missing == 0) {
            self.waiting.pop_front();
            self.first += 1;
            done += 1;
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::Fan;
    use crate::clock::at;
    use std::time::Duration;

    /// A message is done when the last receiver has it, also if that one is slow, or gone.
    #[test]
    fn a_message_is_done_when_all_have_it() {
        let mut fan = Fan::default();
        (0..3).for_each(|time| fan.published(at(time), 2));
        assert_eq!(fan.received(0, at(10)), Some((Duration::from_nanos(10), 0)));
        assert_eq!(fan.received(1, at(10)), Some((Duration::from_nanos(9), 0)));
        assert_eq!(fan.received(0, at(12)), Some((Duration::from_nanos(12), 1)));
        assert_eq!((fan.received(0, at(13)), fan.received(3, at(13))), (None, None));
        assert_eq!(fan.received(2, at(14)).map(|(_, done)| done), Some(0));
        // The slow one had message 0 and leaves.
        assert_eq!(fan.lost(1), 2);
        assert_eq!(fan.lost(1), 0);
    }
}
