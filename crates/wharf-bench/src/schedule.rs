//! When messages are due at a fixed rate.

use crate::clock::{at, nanos};
use wharf_proto::Now;

/// The messages of one sender, at even distances: arithmetic and no queue, however far behind the sender is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Schedule {
    first: f64,
    period: f64,
}

impl Schedule {
    /// Sender number `index` of `senders`, who take turns to send `rate` messages a second together from `start`.
    pub(crate) fn new(start: Now, rate: f64, index: u64, senders: u64) -> Self {
        let turn = 1e9 / rate;
        Self { first: nanos(start) as f64 + turn * index as f64, period: turn * senders as f64 }
    }

    /// When message number `number` is due.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float saturates"
    )]
    pub(crate) fn at(&self, number: u64) -> Now {
        at((self.first + self.period * number as f64).round() as u64)
    }

    /// How many messages are due by `now`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float saturates"
    )]
    pub(crate) fn due(&self, now: Now) -> u64 {
        let guess = (nanos(now) as f64 - self.first) / self.period;
        let mut due = if guess < 0.0 { 0 } else { guess as u64 };
        // Rounding may have put the border a message off; `at` decides.
        while self.at(due) <= now {
            due += 1;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::Schedule;
    use crate::clock::at;

    /// Together the senders keep the rate: one message every period, each at its own time.
    #[test]
    fn senders_take_turns() {
        let schedules: Vec<Schedule> =
            (0..4).map(|i| Schedule::new(at(1_000), 1e6, i, 4)).collect();
        let mut times: Vec<_> = schedules.iter().flat_map(|s| (0..5).map(|n| s.at(n))).collect();
        times.sort();
        let expected: Vec<_> = (0..20).map(|n| at(1_000 + n * 1_000)).collect();
        assert_eq!(times, expected);
    }

    /// `due` and `at` never contradict each other, also where floats round.
    #[test]
    fn a_message_is_due_from_its_time_on() {
        for rate in [0.1, 3.0, 7e4, 3.3e6] {
            let schedule = Schedule::new(at(12_345), rate, 2, 3);
            for number in [0, 1, 2, 99, 1_000_003] {
                let time = schedule.at(number);
                assert_eq!(schedule.due(time), number + 1, "{rate} {number}");
                let before = at(u64::try_from(time.since_epoch().as_nanos()).unwrap() - 1);
                assert_eq!(schedule.due(before), number, "{rate} {number}");
            }
        }
        assert_eq!(Schedule::new(at(50), 1.0, 0, 1).due(at(49)), 0);
    }
}
