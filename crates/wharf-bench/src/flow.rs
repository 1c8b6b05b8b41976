//! What one connection may send, and what it waits for: no socket, no clock.

use crate::schedule::Schedule;
use std::{collections::VecDeque, time::Duration};
use wharf_proto::Now;

/// When a connection sends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Rhythm {
    /// When an answer has come.
    Answers,
    /// By the clock.
    Clock(Schedule),
}

/// What a connection may send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Allowance {
    pub(crate) rhythm: Rhythm,
    /// Messages under way at most.
    pub(crate) in_flight: u64,
    /// Messages in all.
    pub(crate) quota: u64,
}

/// Nothing at all.
const NOTHING: Allowance = Allowance { rhythm: Rhythm::Answers, in_flight: 0, quota: 0 };

/// The messages of one connection.
#[derive(Debug)]
pub(crate) struct Flow {
    allowance: Allowance,
    sent: u64,
    answered: u64,
    waiting: VecDeque<Group>,
}

/// Messages that were due together and have one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Group {
    since: Now,
    count: u64,
    len: usize,
}

/// An answer came that nobody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unasked;

impl Flow {
    /// A connection that may send nothing yet.
    pub(crate) const fn new() -> Self {
        Self { allowance: NOTHING, sent: 0, answered: 0, waiting: VecDeque::new() }
    }

    /// From now on this may be sent, beginning with message 0. What was sent before is forgotten.
    pub(crate) fn begin(&mut self, allowance: Allowance) {
        *self = Self { allowance, ..Self::new() };
    }

    /// No more is sent; answers are still waited for.
    pub(crate) const fn stop(&mut self) {
        self.allowance.quota = self.sent;
    }

    /// How many messages may be sent now.
    pub(crate) fn due(&self, now: Now) -> u64 {
        let room = self.allowance.in_flight.saturating_sub(self.in_flight());
        let left = self.allowance.quota - self.sent;
        let ready = match self.allowance.rhythm {
            Rhythm::Answers => room,
            Rhythm::Clock(schedule) if room.min(left) > 0 => {
                schedule.due(now).saturating_sub(self.sent)
            }
            Rhythm::Clock(_) => 0,
        };
        ready.min(room).min(left)
    }

    /// How many messages are due that were not sent, although the clock asks for them.
    pub(crate) fn owed(&self, now: Now) -> u64 {
        match self.allowance.rhythm {
            Rhythm::Answers => 0,
            Rhythm::Clock(schedule) => {
                schedule.due(now).min(self.allowance.quota).saturating_sub(self.sent)
            }
        }
    }

    /// Since when message `number` waits if it is sent now.
    pub(crate) fn since(&self, number: u64, now: Now) -> Now {
        match self.allowance.rhythm {
            Rhythm::Answers => now,
            Rhythm::Clock(schedule) => schedule.at(number),
        }
    }

    /// `count` messages of this length are sent. By the clock they wait since they were due, however late it is:
    /// whoever waited for a stalled server would otherwise leave out just the messages that the stall hit.
    pub(crate) fn sent(&mut self, count: u64, len: usize, now: Now) {
        match self.allowance.rhythm {
            Rhythm::Answers => self.push(Group { since: now, count, len }),
            Rhythm::Clock(schedule) => {
                for number in self.sent..self.sent + count {
                    self.push(Group { since: schedule.at(number), count: 1, len });
                }
            }
        }
        self.sent += count;
    }

    fn push(&mut self, group: Group) {
        if group.count > 0 {
            self.waiting.push_back(group);
        }
    }

    /// `count` answers came: calls `record` with latencies, each with how many answers had it.
    pub(crate) fn answered(
        &mut self,
        mut count: u64,
        now: Now,
        mut record: impl FnMut(Duration, u64),
    ) -> Result<(), Unasked> {
        while count > 0 {
            let group = self.waiting.front_mut().ok_or(Unasked)?;
            let taken = group.count.min(count);
            record(now - group.since, taken);
            group.count -= taken;
            count -= taken;
            self.answered += taken;
            if group.count == 0 {
                self.waiting.pop_front();
            }
        }
        Ok(())
    }

    /// The message that is answered next: its number and its length.
    pub(crate) fn next_answer(&self) -> Option<(u64, usize)> {
        self.waiting.front().map(|group| (self.answered, group.len))
    }

    /// The number of the message that is sent next.
    pub(crate) const fn next_number(&self) -> u64 {
        self.sent
    }

    /// Messages without an answer.
    pub(crate) const fn in_flight(&self) -> u64 {
        self.sent - self.answered
    }

    /// Whether all that may be sent was sent and answered.
    pub(crate) const fn is_done(&self) -> bool {
        self.answered == self.allowance.quota
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowance, Flow, Rhythm, Unasked};
    use crate::{
        clock::{at, nanos},
        schedule::Schedule,
    };
    use wharf_proto::Now;

    const MS: u64 = 1_000_000;

    fn by_clock(rate: f64, in_flight: u64) -> Flow {
        let mut flow = Flow::new();
        let rhythm = Rhythm::Clock(Schedule::new(at(0), rate, 0, 1));
        flow.begin(Allowance { rhythm, in_flight, quota: u64::MAX });
        flow
    }

    /// Sends what is due, and takes an answer for all that is under way.
    fn turn(flow: &mut Flow, now: Now, latencies: &mut Vec<u64>) {
        let due = flow.due(now);
        flow.sent(due, 1, now);
        let under_way = flow.in_flight();
        let record = |latency: std::time::Duration, count| {
            latencies.extend((0..count).map(|_| u64::try_from(latency.as_nanos()).unwrap()));
        };
        flow.answered(under_way, now, record).unwrap();
    }

    /// At 1,000 a second a stall of a second hits a thousand messages, and each shows with what it waited. Measured
    /// from when it was sent it would be one message in a thousand.
    #[test]
    fn a_stall_of_the_server_shows_in_every_message_that_was_due() {
        for in_flight in [1, 10, 1_000_000] {
            let (mut flow, mut latencies) = (by_clock(1_000.0, in_flight), Vec::new());
            let moments = (0..1_000).chain(2_000..4_000).map(|ms| at(ms * MS));
            for now in moments {
                turn(&mut flow, now, &mut latencies);
                while flow.due(now) > 0 {
                    turn(&mut flow, now, &mut latencies);
                }
            }
            latencies.sort_unstable();
            assert_eq!(latencies.len(), 4_000, "{in_flight}");
            assert_eq!(latencies[4_000 * 70 / 100], 0);
            // A quarter of all was due in the stall: 1 to 1,000 ms, evenly.
            let p90 = latencies[4_000 * 90 / 100];
            assert!((590 * MS..=610 * MS).contains(&p90), "{in_flight}: {p90}");
            assert_eq!(latencies[3_999], 1_000 * MS);
        }
    }

    /// In a closed loop the sender waits with the server: that is the question it asks.
    #[test]
    fn a_closed_loop_sends_when_answers_come() {
        let (mut flow, mut latencies) = (Flow::new(), Vec::new());
        flow.begin(Allowance { rhythm: Rhythm::Answers, in_flight: 4, quota: 10 });
        for (now, due) in [(0, 4), (1, 4), (2, 2), (3, 0)] {
            assert_eq!(flow.due(at(now)), due);
            turn(&mut flow, at(now), &mut latencies);
        }
        assert!(flow.is_done());
        assert_eq!(latencies, [0; 10]);
    }

    /// What a full connection does not take is owed, and costs no memory.
    #[test]
    fn what_is_due_waits_for_room() {
        let mut flow = by_clock(1e6, 3);
        let late = at(nanos(at(1_000 * MS)));
        assert_eq!((flow.due(late), flow.owed(late)), (3, 1_000_001));
        flow.sent(3, 9, late);
        assert_eq!((flow.due(late), flow.owed(late), flow.in_flight()), (0, 999_998, 3));
        flow.answered(1, late, |latency, count| {
            assert_eq!((latency.as_millis(), count), (1_000, 1));
        })
        .unwrap();
        assert_eq!((flow.due(late), flow.next_answer(), flow.next_number()), (1, Some((1, 9)), 3));
        flow.stop();
        assert_eq!((flow.due(late), flow.owed(late), flow.is_done()), (0, 0, false));
    }

    /// More answers than messages: the server says something by itself.
    #[test]
    fn an_answer_that_nobody_waits_for_is_an_error() {
        let mut flow = Flow::new();
        flow.begin(Allowance { rhythm: Rhythm::Answers, in_flight: 2, quota: 2 });
        flow.sent(2, 1, at(5));
        let mut seen = 0;
        assert_eq!(flow.answered(3, at(6), |_, count| seen += count), Err(Unasked));
        assert_eq!(seen, 2);
    }
}
