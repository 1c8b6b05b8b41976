//! What a client knows at its end, and whether it fits with what the servers have taken.

use super::{Outcome, client::Pattern};
use std::time::{Duration, Instant};
use wharf::{Gap, NotQueued, Reconnecting, Unsent};

/// The books of one client.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) client: u32,
    pub(crate) pattern: Pattern,
    /// Messages that were accepted; they are numbered from 0.
    pub(crate) accepted: u64,
    pub(crate) gaps: Vec<Gap>,
    /// Numbers whose echo came, in order.
    pub(crate) echoes: Vec<u64>,
    pub(crate) ups: Vec<Instant>,
    pub(crate) downs: Vec<Down>,
}

/// A connection that was lost, or an attempt that came to nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Down {
    pub(crate) at: Instant,
    /// How many have failed in a row, this one among them.
    pub(crate) failures: u32,
    pub(crate) retry_in: Duration,
}

impl Down {
    /// When the next attempt begins.
    pub(crate) fn due(&self) -> Instant {
        self.at + self.retry_in
    }
}

/// What becomes of the messages of one client, or of all.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Sum {
    pub(crate) accepted: usize,
    pub(crate) arrived: usize,
    pub(crate) dropped: usize,
    /// Told as uncertain, and they had arrived.
    pub(crate) doubted: usize,
    /// Told as uncertain, and they had not.
    pub(crate) lost: usize,
}

impl std::ops::AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.arrived += other.arrived;
        self.dropped += other.dropped;
        self.doubted += other.doubted;
        self.lost += other.lost;
    }
}

impl Account {
    pub(crate) const fn new(client: u32, pattern: Pattern) -> Self {
        Self {
            client,
            pattern,
            accepted: 0,
            gaps: Vec::new(),
            echoes: Vec::new(),
            ups: Vec::new(),
            downs: Vec::new(),
        }
    }

    /// Sends the next message, if it is accepted.
    pub(crate) fn send(&mut self, link: &Reconnecting) {
        let number = self.accepted;
        let length = usize::try_from(number % 64 * 16).expect("it is small");
        let payload = [number.to_le_bytes().as_slice(), &vec![0; length]].concat();
        match link.try_send(payload) {
            Ok(accepted) => {
                assert_eq!(accepted, number, "client {}: numbers follow each other", self.client);
                self.accepted += 1;
            }
            Err(NotQueued::Down | NotQueued::Full) => {}
            Err(error) => panic!("client {}: {error}", self.client),
        }
    }

    /// Each message that was accepted arrived once and in order, or a gap tells it; none came twice.
    pub(crate) fn check(&self, arrived: &[u64]) -> Outcome<Sum> {
        let here = |what: &str, number| format!("client {}: message {number} {what}", self.client);
        if let Some(pair) = arrived.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(here(&format!("came after {}", pair[0]), pair[1]).into());
        }
        let mut sum = Sum { arrived: arrived.len(), ..Sum::default() };
        let mut next = 0;
        for gap in &self.gaps {
            for number in next..gap.uncertain().start {
                arrived.binary_search(&number).map_err(|_| here("is lost and not told", number))?;
            }
            self.check_uncertain(gap, arrived, &mut sum)?;
            for number in gap.dropped() {
                if arrived.binary_search(&number).is_ok() {
                    return Err(here("was told as dropped, and came", number).into());
                }
            }
            sum.dropped += gap.dropped().count();
            next = next.max(gap.uncertain().end).max(gap.dropped().end);
        }
        for number in next..self.accepted {
            arrived.binary_search(&number).map_err(|_| here("is lost and not told", number))?;
        }
        sum.accepted = usize::try_from(self.accepted)?;
        if sum.accepted == sum.arrived + sum.dropped + sum.lost {
            self.check_echoes(arrived).map(|()| sum)
        } else {
            Err(format!("client {}: the books do not balance: {sum:?}", self.client).into())
        }
    }

    /// "Some of the first of them may have arrived, the others have not."
    fn check_uncertain(&self, gap: &Gap, arrived: &[u64], sum: &mut Sum) -> Outcome {
        let came = |number: &u64| arrived.binary_search(number).is_ok();
        let first = gap.uncertain().take_while(came).count();
        if let Some(number) = gap.uncertain().skip(first).find(came) {
            let client = self.client;
            return Err(format!("client {client}: {number} came, and one before it did not").into());
        }
        sum.doubted += first;
        sum.lost += gap.uncertain().count() - first;
        Ok(())
    }

    fn check_echoes(&self, arrived: &[u64]) -> Outcome {
        let foreign = |number: &&u64| arrived.binary_search(number).is_err();
        let in_order = self.echoes.windows(2).all(|pair| pair[0] < pair[1]);
        match self.echoes.iter().find(foreign) {
            None if in_order => Ok(()),
            None => Err(format!("client {}: echoes are out of order", self.client).into()),
            Some(number) => Err(format!("client {}: {number} came back only", self.client).into()),
        }
    }

    /// Whether its messages wait for a connection.
    pub(crate) fn keeps(&self) -> bool {
        self.pattern.unsent == Unsent::Keep
    }
}
