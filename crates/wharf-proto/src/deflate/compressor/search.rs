//! Finding what was said before (RFC 1951 §4).

use super::{
    alphabet::LONGEST,
    block::Block,
    effort::Ways,
    history::{History, Places},
};

/// Bytes that a hash is of, and the shortest match: three bytes far away cost more than they save.
const SHORTEST: usize = 4;

/// Bytes after a position that a match at it, or one byte further, may need.
pub(super) const LOOKAHEAD: usize = LONGEST + SHORTEST;

/// Literals in a row after which positions are left out, the more the longer it goes on.
const PATIENCE: u32 = 7;

/// Parses the text from `history.parsed` to `stop` or a little beyond it into `block`.
pub(super) fn parse(history: &mut History, stop: usize, good: u16, block: &mut Block) {
    match history.places.ways {
        Ways::Two => parse_with::<2>(history, stop, good, block),
        Ways::Four => parse_with::<4>(history, stop, good, block),
        Ways::Eight => parse_with::<8>(history, stop, good, block),
        Ways::Sixteen => parse_with::<16>(history, stop, good, block),
    }
}

fn parse_with<const WAYS: usize>(history: &mut History, stop: usize, good: u16, block: &mut Block) {
    let (window, at) = (history.window(), history.parsed);
    let mut search = Search::<WAYS>::of(&history.bytes, &mut history.places, window);
    history.parsed = search.parse(at, stop, good, block);
    history.places.known = search.known;
}

#[derive(Debug, Clone, Copy)]
struct Match {
    length: usize,
    distance: usize,
}

struct Search<'a, const WAYS: usize> {
    bytes: &'a [u8],
    buckets: &'a mut [[u16; WAYS]],
    /// Takes a product to an index of a bucket.
    shift: u32,
    window: usize,
    known: usize,
    /// The first position at which there are not four bytes any more.
    last: usize,
}

impl<'a, const WAYS: usize> Search<'a, WAYS> {
    fn of(bytes: &'a [u8], places: &'a mut Places, window: usize) -> Self {
        let (buckets, _) = places.slots.as_chunks_mut::<WAYS>();
        let shift = u32::BITS - buckets.len().ilog2();
        let last = bytes.len().saturating_sub(SHORTEST - 1);
        Self { bytes, buckets, shift, window, known: places.known, last }
    }

    fn parse(&mut self, mut at: usize, stop: usize, good: u16, block: &mut Block) -> usize {
        self.learn(at);
        let end = stop.min(self.last);
        while at < end {
            let mut found = self.find(at);
            if found.length < SHORTEST {
                at = self.literals(at, end, block);
                continue;
            }
            while found.length < usize::from(good) && at + 1 < self.last {
                let next = self.find(at + 1);
                if !next.is_better_than(found) {
                    break;
                }
                block.literal(self.bytes[at]);
                (at, found) = (at + 1, next);
            }
            #[expect(clippy::cast_possible_truncation, reason = "at most 258 and 32,768")]
            block.pair(found.length as u16, found.distance as u16);
            at += found.length;
            self.learn(at);
        }
        while at < stop {
            block.literal(self.bytes[at]);
            at += 1;
        }
        at
    }

    /// One literal, and where nothing was found for long, more of them.
    #[inline]
    fn literals(&self, at: usize, end: usize, block: &mut Block) -> usize {
        let more = (block.run() >> PATIENCE) as usize;
        let next = (at + 1 + more).min(end);
        for &byte in &self.bytes[at..next] {
            block.literal(byte);
        }
        next
    }

    /// The longest match at `at`, of no length if there is none, and remembers the position.
    #[inline(always)]
    fn find(&mut self, at: usize) -> Match {
        let here = word(self.bytes, at);
        let bucket = &mut self.buckets[(hash(here) >> self.shift) as usize];
        let places = *bucket;
        push(bucket, at);
        self.known = at + 1;
        let most = (self.bytes.len() - at).min(LONGEST);
        let mut best = Match { length: SHORTEST - 1, distance: 0 };
        for place in places {
            let place = usize::from(place);
            let distance = at.wrapping_sub(place);
            // A hint that is at `at` or after it comes from a text that was taken back.
            if distance.wrapping_sub(1) >= self.window || word(self.bytes, place) != here {
                continue;
            }
            let tail = best.length - (SHORTEST - 1);
            if word(self.bytes, place + tail) != word(self.bytes, at + tail) {
                continue;
            }
            let length = common(self.bytes, place, at, most);
            if length > best.length {
                best = Match { length, distance };
                if length == most {
                    break;
                }
            }
        }
        best
    }

    /// Remembers the positions before `end`.
    #[inline(always)]
    fn learn(&mut self, end: usize) {
        let end = end.min(self.last);
        if end <= self.known {
            return;
        }
        let words = self.bytes[self.known..end + SHORTEST - 1].windows(SHORTEST);
        for (at, word) in (self.known..).zip(words) {
            let bucket = hash(word_at_start(word)) >> self.shift;
            push(&mut self.buckets[bucket as usize], at);
        }
        self.known = end;
    }
}

impl Match {
    /// Whether it is worth a literal in front of it: a bit of distance is a bit, a byte of length about four.
    #[inline(always)]
    fn is_better_than(self, other: Self) -> bool {
        self.length >= SHORTEST && {
            let saved = 4 * (self.length + LONGEST - other.length);
            let bits = |distance: usize| distance.ilog2() as usize;
            saved + bits(other.distance) > 4 * LONGEST + 2 + bits(self.distance)
        }
    }
}

#[inline(always)]
fn push<const WAYS: usize>(bucket: &mut [u16; WAYS], at: usize) {
    bucket.copy_within(..WAYS - 1, 1);
    #[expect(clippy::cast_possible_truncation, reason = "positions are 16 bits")]
    let at = at as u16;
    bucket[0] = at;
}

#[inline(always)]
fn word(bytes: &[u8], at: usize) -> u32 {
    word_at_start(&bytes[at..at + SHORTEST])
}

#[inline(always)]
fn word_at_start(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(*bytes.first_chunk().expect("four bytes"))
}

/// Knuth's multiplicative hash; the high bits are the good ones.
#[inline(always)]
const fn hash(word: u32) -> u32 {
    word.wrapping_mul(0x9E37_79B1)
}

/// How many bytes are the same at both places, `most` at most.
#[inline(always)]
fn common(bytes: &[u8], one: usize, other: usize, most: usize) -> usize {
    let (one, other) = (&bytes[one..one + most], &bytes[other..other + most]);
    let (ones, rest) = one.as_chunks::<8>();
    let (others, other_rest) = other.as_chunks::<8>();
    let mut same = 0;
    for (one, other) in ones.iter().zip(others) {
        let differ = u64::from_le_bytes(*one) ^ u64::from_le_bytes(*other);
        if differ != 0 {
            return same + (differ.trailing_zeros() / 8) as usize;
        }
        same += 8;
    }
    same + rest.iter().zip(other_rest).take_while(|(one, other)| one == other).count()
}
