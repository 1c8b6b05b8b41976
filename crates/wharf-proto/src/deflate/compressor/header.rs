//! The codes of a block, told in front of it (RFC 1951 §3.2.7).

use super::{
    alphabet::{DISTANCES, END, LITERALS},
    bits::BitWriter,
    code::Code,
};

/// The alphabet in which lengths are told: 0 to 15, and three kinds of repetition.
const ALPHABET: usize = 19;
const DEEPEST: usize = 7;
const ORDER: [usize; ALPHABET] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The length before, 3 to 6 times.
const AGAIN: u8 = 16;
/// Zero, 3 to 10 times.
const ZEROES: u8 = 17;
/// Zero, 11 to 138 times.
const MANY_ZEROES: u8 = 18;

/// What is told of two codes.
pub(super) struct Header {
    literals: usize,
    distances: usize,
    told: usize,
    code: Code<ALPHABET>,
    counts: [u32; ALPHABET],
    items: [Item; LITERALS + DISTANCES],
    len: usize,
}

#[derive(Debug, Clone, Copy)]
struct Item {
    symbol: u8,
    extra: u8,
}

impl Header {
    pub(super) const EMPTY: Self = Self {
        literals: 0,
        distances: 0,
        told: 0,
        code: Code::EMPTY,
        counts: [0; ALPHABET],
        items: [Item { symbol: 0, extra: 0 }; LITERALS + DISTANCES],
        len: 0,
    };

    pub(super) fn fit(&mut self, literals: &Code<LITERALS>, distances: &Code<DISTANCES>) {
        (self.counts, self.len) = ([0; ALPHABET], 0);
        self.literals = self.push_code(literals.lengths());
        self.distances = self.push_code(distances.lengths());
        self.code.fit(&self.counts, DEEPEST);
        let last = ORDER.iter().rposition(|&symbol| self.code.length(symbol) > 0);
        self.told = last.map_or(4, |last| (last + 1).max(4));
    }

    /// One more than the last symbol.
    fn push_code(&mut self, lengths: impl Iterator<Item = (usize, u8)>) -> usize {
        let (mut end, mut run, mut times) = (0, 0, 0);
        for (symbol, length) in lengths {
            if symbol > end || length != run {
                self.push_run(run, times);
                self.push_run(0, symbol - end);
                (run, times) = (length, 0);
            }
            (end, times) = (symbol + 1, times + 1);
        }
        self.push_run(run, times);
        end
    }

    fn push_run(&mut self, length: u8, mut times: usize) {
        if length == 0 {
            times = self.push_repeats(MANY_ZEROES, 11..=138, times);
            times = self.push_repeats(ZEROES, 3..=10, times);
        } else if times > 3 {
            self.push(length, 0);
            times = self.push_repeats(AGAIN, 3..=6, times - 1);
        }
        for _ in 0..times {
            self.push(length, 0);
        }
    }

    fn push_repeats(
        &mut self,
        symbol: u8,
        range: core::ops::RangeInclusive<usize>,
        mut times: usize,
    ) -> usize {
        while times >= *range.start() {
            let now = times.min(*range.end());
            #[expect(clippy::cast_possible_truncation, reason = "at most 127")]
            self.push(symbol, (now - range.start()) as u8);
            times -= now;
        }
        times
    }

    fn push(&mut self, symbol: u8, extra: u8) {
        self.items[self.len] = Item { symbol, extra };
        self.len += 1;
        self.counts[usize::from(symbol)] += 1;
    }

    /// Bits that it takes.
    pub(super) fn cost(&self) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "at most 19")]
        let told = 3 * self.told as u32;
        let repeats = 2 * self.counts[16] + 3 * self.counts[17] + 7 * self.counts[18];
        5 + 5 + 4 + told + self.code.cost(&self.counts) + repeats
    }

    #[expect(clippy::cast_possible_truncation, reason = "all three are below 32")]
    pub(super) fn write(&self, writer: &mut BitWriter<'_>) {
        writer.put((self.literals - END - 1) as u32, 5);
        writer.put((self.distances - 1) as u32, 5);
        writer.put((self.told - 4) as u32, 4);
        for &symbol in &ORDER[..self.told] {
            writer.flush();
            writer.put(u32::from(self.code.length(symbol)), 3);
        }
        for item in &self.items[..self.len] {
            let word = self.code.words[usize::from(item.symbol)];
            writer.flush();
            writer.put(u32::from(word.bits), u32::from(word.count));
            writer.put(u32::from(item.extra), extra_bits(item.symbol));
        }
        writer.flush();
    }
}

const fn extra_bits(symbol: u8) -> u32 {
    match symbol {
        AGAIN => 2,
        ZEROES => 3,
        MANY_ZEROES => 7,
        _ => 0,
    }
}
