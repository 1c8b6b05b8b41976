//! What was accepted, and what became of it.

use std::{collections::VecDeque, ops::Range};
use wharf_proto::Outgoing;

/// What becomes of messages that wait when the connection is lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unsent {
    /// They wait for the next connection, and more are accepted meanwhile, within the limit of the queue.
    #[default]
    Keep,
    /// They are dropped and reported, and none is accepted until there is a connection: for what is worth nothing
    /// when it comes late.
    Drop,
}

/// Messages of which it is not known that they arrived. Messages are numbered as they are accepted, from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gap {
    uncertain: Range<u64>,
    dropped: Range<u64>,
}

impl Gap {
    /// Messages that were on their way when the connection was lost. Some of the first of them may have arrived,
    /// the others have not; none will be sent again.
    pub fn uncertain(&self) -> Range<u64> {
        self.uncertain.clone()
    }

    /// Messages that were never sent and will not be.
    pub fn dropped(&self) -> Range<u64> {
        self.dropped.clone()
    }

    /// Whether there is no such message.
    pub fn is_empty(&self) -> bool {
        self.uncertain.is_empty() && self.dropped.is_empty()
    }
}

/// Every number is in one place: arrived, on its way, or waiting; and each loss is told once.
///
/// ```text
/// 0 … settled … handed … next
///     arrived   on its   waiting
///     or told   way
/// ```
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: VecDeque<Outgoing<'static>>,
    settled: u64,
    handed: u64,
}

impl Queue {
    /// Accepts a message and numbers it.
    pub(crate) fn push(&mut self, message: Outgoing<'static>) -> u64 {
        self.waiting.push_back(message);
        self.next() - 1
    }

    /// The next message to be handed to the connection: it is on its way from now on.
    pub(crate) fn hand_over(&mut self) -> Option<Outgoing<'static>> {
        let message = self.waiting.pop_front()?;
        self.handed += 1;
        Some(message)
    }

    /// The connection did not take the message that was handed over last.
    pub(crate) fn take_back(&mut self, message: Outgoing<'static>) {
        self.waiting.push_front(message);
        self.handed -= 1;
    }

    /// All numbers below this one arrived.
    pub(crate) fn confirm(&mut self, below: u64) {
        self.settled = self.settled.max(below.min(self.handed));
    }

    /// The number after the last one that was handed over.
    pub(crate) const fn handed(&self) -> u64 {
        self.handed
    }

    /// Whether anything is on its way.
    pub(crate) const fn is_uncertain(&self) -> bool {
        self.settled < self.handed
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The connection is lost: tells what may be lost with it, and gives back what is dropped.
    pub(crate) fn lose(&mut self, unsent: Unsent) -> (Gap, VecDeque<Outgoing<'static>>) {
        let next = self.next();
        let uncertain = self.settled..self.handed;
        let (dropped, messages) = match unsent {
            Unsent::Keep => (0..0, VecDeque::new()),
            Unsent::Drop => (self.handed..next, std::mem::take(&mut self.waiting)),
        };
        self.handed += messages.len() as u64;
        self.settled = self.handed;
        (Gap { uncertain, dropped }, messages)
    }

    fn next(&self) -> u64 {
        self.handed + self.waiting.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Step {
        Push,
        HandOver,
        Refuse,
        Confirm(u64),
        Lose(Unsent),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => Just(Step::Push),
            4 => Just(Step::HandOver),
            1 => Just(Step::Refuse),
            2 => (0_u64..40).prop_map(Step::Confirm),
            1 => Just(Step::Lose(Unsent::Keep)),
            1 => Just(Step::Lose(Unsent::Drop)),
        ]
    }

    proptest! {
        /// Nothing is lost without being told, told twice, or sent twice or out of order.
        #[test]
        fn every_message_has_one_fate(steps in proptest::collection::vec(step(), 0..200)) {
            let mut queue = Queue::default();
            let (mut accepted, mut sent, mut dropped) = (0, Vec::new(), Vec::new());
            let (mut confirmed, mut told) = (0, Vec::new());
            let number = |message: &Outgoing<'_>| {
                u64::from_le_bytes(message.as_bytes().try_into().unwrap())
            };
            for step in steps {
                match step {
                    Step::Push => {
                        let message = accepted_bytes(accepted);
                        prop_assert_eq!(queue.push(message), accepted);
                        accepted += 1;
                    }
                    Step::HandOver => sent.extend(queue.hand_over().as_ref().map(number)),
                    Step::Refuse => {
                        if let Some(message) = queue.hand_over() {
                            queue.take_back(message);
                        }
                    }
                    Step::Confirm(below) => {
                        queue.confirm(below);
                        confirmed = confirmed.max(below.min(queue.handed()));
                    }
                    Step::Lose(unsent) => {
                        let (gap, messages) = queue.lose(unsent);
                        prop_assert_eq!(gap.dropped().count(), messages.len());
                        prop_assert!(gap.dropped().eq(messages.iter().map(number)));
                        prop_assert!(gap.uncertain().all(|number| number >= confirmed));
                        dropped.extend(gap.dropped());
                        told.extend(gap.uncertain());
                        confirmed = queue.handed();
                    }
                }
            }
            let (gap, _) = queue.lose(Unsent::Drop);
            dropped.extend(gap.dropped());
            told.extend(gap.uncertain());
            prop_assert!(told.iter().all(|number| sent.contains(number)));
            let mut all: Vec<u64> = [sent, dropped].concat();
            all.sort_unstable();
            prop_assert!(all.into_iter().eq(0..accepted));
            let mut once = told.clone();
            once.dedup();
            prop_assert_eq!(once, told);
        }
    }

    fn accepted_bytes(number: u64) -> Outgoing<'static> {
        Outgoing::from(number.to_le_bytes().to_vec())
    }
}
