//! What one block says, before it is written (RFC 1951 §3.2.3).

use super::alphabet::{DISTANCES, END, LITERALS, Symbol};
use alloc::vec::Vec;

/// Literals and matches, counted as they come.
pub(super) struct Block {
    pub(super) pairs: Vec<Pair>,
    pub(super) literals: [u32; LITERALS],
    pub(super) distances: [u32; DISTANCES],
    /// Bits behind the symbols.
    pub(super) extra: u32,
    run: u32,
}

/// Literals, then a match. The literals themselves stand in the plain text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) literals: u32,
    pub(super) length: u16,
    pub(super) distance: u16,
}

impl Block {
    pub(super) const fn new() -> Self {
        let (literals, distances) = ([0; LITERALS], [0; DISTANCES]);
        Self { pairs: Vec::new(), literals, distances, extra: 0, run: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.pairs.clear();
        (self.literals, self.distances) = ([0; LITERALS], [0; DISTANCES]);
        (self.extra, self.run) = (0, 0);
        self.literals[END] = 1;
    }

    #[inline]
    pub(super) fn literal(&mut self, byte: u8) {
        self.literals[usize::from(byte)] += 1;
        self.run += 1;
    }

    #[inline]
    pub(super) fn pair(&mut self, length: u16, distance: u16) {
        let literals = core::mem::take(&mut self.run);
        self.pairs.push(Pair { literals, length, distance });
        let (length, distance) = (Symbol::of_length(length), Symbol::of_distance(distance));
        self.literals[length.symbol as usize] += 1;
        self.distances[distance.symbol as usize] += 1;
        self.extra += length.count + distance.count;
    }

    /// Literals since the last match.
    pub(super) const fn run(&self) -> u32 {
        self.run
    }
}
