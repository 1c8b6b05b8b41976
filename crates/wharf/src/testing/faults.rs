//! What a wire does to the bytes of one direction.

use super::random::length;
use crate::random::Random;
use std::time::Duration;

/// What one direction of a wire does to the bytes. Default: nothing, and it holds 64 KiB.
///
/// ```
/// use std::time::Duration;
/// use wharf::testing::{Cut, Faults};
///
/// let bad = Faults::new()
///     .pieces(7)
///     .delay(Duration::from_millis(20), Duration::from_millis(80))
///     .cut_after(10_000, Cut::Reset);
/// # drop(bad);
/// ```
#[derive(Debug, Clone)]
pub struct Faults {
    pieces: usize,
    short_writes: usize,
    delay: (Duration, Duration),
    bandwidth: Option<u64>,
    pub(crate) room: usize,
    pub(crate) cut: Option<(At, Cut)>,
}

/// How a direction ends that is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cut {
    /// The reader finds the end of the stream, without a Close; the writer notices nothing.
    Eof,
    /// The connection is reset: both ends get an error in both directions, and what was under way is lost.
    Reset,
    /// The rest vanishes, and nobody notices: the reader waits, the writer writes on.
    Silence,
    /// No more is taken: the writer waits, until [`Direction::resume`](super::Direction::resume).
    Stall,
}

/// Where a direction is cut, in bytes from the beginning.
#[derive(Debug, Clone, Copy)]
pub(crate) enum At {
    Exactly(u64),
    /// At random, up to this.
    Within(u64),
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            pieces: usize::MAX,
            short_writes: usize::MAX,
            delay: (Duration::ZERO, Duration::ZERO),
            bandwidth: None,
            room: 64 << 10,
            cut: None,
        }
    }
}

impl Faults {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Each read gives a piece of random length, up to so many bytes. With 1 every byte comes alone.
    #[must_use]
    pub const fn pieces(mut self, most: usize) -> Self {
        self.pieces = if most == 0 { 1 } else { most };
        self
    }

    /// Each write takes a random number of bytes, up to so many.
    #[must_use]
    pub const fn short_writes(mut self, most: usize) -> Self {
        self.short_writes = if most == 0 { 1 } else { most };
        self
    }

    /// What is written arrives after a time between these, at random; nothing overtakes anything.
    #[must_use]
    pub const fn delay(mut self, least: Duration, most: Duration) -> Self {
        self.delay = (least, most);
        self
    }

    /// So many bytes arrive in a second; 0 sets no bound.
    #[must_use]
    pub const fn bandwidth(mut self, bytes_per_second: u64) -> Self {
        self.bandwidth = if bytes_per_second == 0 { None } else { Some(bytes_per_second) };
        self
    }

    /// The direction holds so many bytes that were written and not read; a writer waits for room. Default: 64 KiB; 0 is 1.
    #[must_use]
    pub const fn room(mut self, bytes: usize) -> Self {
        self.room = if bytes == 0 { 1 } else { bytes };
        self
    }

    /// Cuts the direction behind so many bytes: in a loop over all of them a test sees every place.
    #[must_use]
    pub const fn cut_after(mut self, bytes: u64, cut: Cut) -> Self {
        self.cut = Some((At::Exactly(bytes), cut));
        self
    }

    /// Cuts the direction at a random place, so many bytes from its beginning at most.
    #[must_use]
    pub const fn cut_within(mut self, bytes: u64, cut: Cut) -> Self {
        self.cut = Some((At::Within(bytes), cut));
        self
    }

    pub(crate) fn write_length(&self, len: usize, random: &mut Random) -> usize {
        if self.short_writes == usize::MAX {
            len
        } else {
            length(random, self.short_writes).min(len)
        }
    }

    pub(crate) fn read_length(&self, len: usize, random: &mut Random) -> usize {
        if self.pieces == usize::MAX { len } else { length(random, self.pieces).min(len) }
    }

    pub(crate) fn latency(&self, random: &mut Random) -> Duration {
        let (least, most) = self.delay;
        let spread = u64::try_from(most.saturating_sub(least).as_nanos()).unwrap_or(u64::MAX);
        least + Duration::from_nanos(random.up_to(spread))
    }

    /// How long so many bytes keep the line busy.
    pub(crate) fn transfer(&self, bytes: usize) -> Duration {
        let seconds = |rate| Duration::from_secs_f64(bytes as f64 / rate as f64);
        self.bandwidth.map_or(Duration::ZERO, seconds)
    }
}

impl At {
    pub(crate) const fn place(self, random: &mut Random) -> u64 {
        match self {
            Self::Exactly(bytes) => bytes,
            Self::Within(bytes) => random.up_to(bytes),
        }
    }
}
