//! One direction of a transport, in virtual time.

use crate::random::Random;
use std::{collections::VecDeque, time::Duration};
use wharf_proto::Now;

/// What a pipe does to the bytes.
#[derive(Debug, Clone, Default)]
pub struct Weather {
    /// The longest piece that arrives at once; pieces are of any size up to it. `None`: as they were written.
    pub piece: Option<usize>,
    /// How long a piece is on its way: any time up to this; none overtakes another.
    pub delay: Duration,
    /// Takes only so many bytes until some of them have arrived; `None`: any number.
    pub room: Option<usize>,
    /// After so many bytes the rest is lost and the end arrives, as if it had been sent.
    pub truncate: Option<usize>,
    /// After so many bytes the connection is reset.
    pub reset: Option<usize>,
}

/// What arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// Bytes.
    Bytes(Vec<u8>),
    /// The end.
    Fin,
    /// The end, by a reset: what was under way is lost, in the other direction too.
    Reset,
}

/// One direction.
#[derive(Debug)]
pub struct Pipe {
    weather: Weather,
    random: Random,
    under_way: VecDeque<(Now, Arrival)>,
    taken: usize,
    held: usize,
    ended: bool,
}

impl Pipe {
    /// The same seed, the same pieces and delays.
    pub const fn new(weather: Weather, seed: u64) -> Self {
        let random = Random::new(seed);
        Self { weather, random, under_way: VecDeque::new(), taken: 0, held: 0, ended: false }
    }

    /// How many bytes it takes now.
    pub fn room(&self) -> usize {
        self.weather.room.map_or(usize::MAX, |room| room.saturating_sub(self.held))
    }

    /// Takes bytes.
    pub fn send(&mut self, mut bytes: &[u8], now: Now) {
        while !bytes.is_empty() && !self.ended {
            let most = self.weather.piece.unwrap_or(usize::MAX).min(bytes.len());
            let mut count = 1 + self.random.below(most);
            if self.weather.piece.is_none() {
                count = most;
            }
            let (limit, end) = self.limit();
            count = count.min(limit - self.taken);
            self.taken += count;
            self.held += count;
            self.push(Arrival::Bytes(bytes[..count].to_vec()), now);
            bytes = &bytes[count..];
            if self.taken == limit {
                self.end(end, now);
            }
        }
    }

    /// The writing end is done.
    pub fn finish(&mut self, now: Now) {
        if !self.ended {
            self.end(Arrival::Fin, now);
        }
    }

    /// The connection breaks: nothing more arrives but that.
    pub fn reset(&mut self, now: Now) {
        self.under_way = [(now, Arrival::Reset)].into();
        (self.held, self.ended) = (0, true);
    }

    /// What has arrived by now.
    pub fn arrive(&mut self, now: Now) -> Option<Arrival> {
        self.under_way.front().filter(|(at, _)| *at <= now)?;
        let (_, arrival) = self.under_way.pop_front()?;
        if let Arrival::Bytes(bytes) = &arrival {
            self.held -= bytes.len();
        }
        Some(arrival)
    }

    /// When the next piece arrives.
    pub fn next_at(&self) -> Option<Now> {
        self.under_way.front().map(|(at, _)| *at)
    }

    fn limit(&self) -> (usize, Arrival) {
        match (self.weather.truncate, self.weather.reset) {
            (Some(truncate), None) => (truncate, Arrival::Fin),
            (_, Some(reset)) => (reset, Arrival::Reset),
            (None, None) => (usize::MAX, Arrival::Fin),
        }
    }

    fn end(&mut self, end: Arrival, now: Now) {
        self.push(end, now);
        self.ended = true;
    }

    fn push(&mut self, arrival: Arrival, now: Now) {
        let most = usize::try_from(self.weather.delay.as_nanos()).unwrap_or(usize::MAX - 1);
        let delay = Duration::from_nanos(self.random.below(most.saturating_add(1)) as u64);
        let after = self.under_way.back().map_or(now, |(at, _)| *at);
        self.under_way.push_back(((now + delay).max(after), arrival));
    }
}
