//! Prefix codes fitted to what they are to say (RFC 1951 §3.2.2).

/// The longest code word of literals and distances (RFC 1951 §3.2.7).
pub(super) const DEEPEST: usize = 15;

/// A canonical code over `N` symbols.
pub(super) struct Code<const N: usize> {
    lengths: [u8; N],
    pub(super) words: [Word; N],
    symbols: [u16; N],
    used: usize,
}

/// A code word as it is written, first bit lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Word {
    pub(super) bits: u16,
    pub(super) count: u16,
}

/// A symbol below how often it occurs, so that they sort by that.
type Leaf = u32;

const GROUP: usize = 8;
const SYMBOL_BITS: u32 = 9;
const SYMBOL: u32 = (1 << SYMBOL_BITS) - 1;

impl<const N: usize> Code<N> {
    pub(super) const EMPTY: Self =
        Self { lengths: [0; N], words: [Word { bits: 0, count: 0 }; N], symbols: [0; N], used: 0 };

    /// The code that says symbols of these counts in the fewest bits, with words of at most `deepest`.
    pub(super) fn fit(&mut self, counts: &[u32; N], deepest: usize) {
        self.lengths = [0; N];
        let (mut leaves, mut used) = ([0; N], 0);
        // Most of an alphabet does not occur, and what does stands together.
        for (first, group) in (0_u16..).step_by(GROUP).zip(counts.chunks(GROUP)) {
            if group.iter().all(|&count| count == 0) {
                continue;
            }
            for (symbol, &count) in (first..).zip(group) {
                leaves[used] = count << SYMBOL_BITS | u32::from(symbol);
                self.symbols[used] = symbol;
                used += usize::from(count > 0);
            }
        }
        self.used = used.max(2);
        if used < 2 {
            // A leaf without a count is a leftover.
            let symbol = if used == 1 { leaves[0] & SYMBOL } else { 0 };
            self.fit_few(symbol);
        } else {
            self.fit_many(&mut leaves[..used], deepest);
        }
    }

    /// Not all inflaters take a code of one word, or of none.
    fn fit_few(&mut self, symbol: u32) {
        let other = usize::from(symbol == 0);
        let (low, high) = (other.min(symbol as usize), other.max(symbol as usize));
        #[expect(clippy::cast_possible_truncation, reason = "at most 285")]
        self.symbols[..2].copy_from_slice(&[low as u16, high as u16]);
        (self.lengths[low], self.lengths[high]) = (1, 1);
        self.words[low] = Word { bits: 0, count: 1 };
        self.words[high] = Word { bits: 1, count: 1 };
    }

    fn fit_many(&mut self, leaves: &mut [Leaf], deepest: usize) {
        leaves.sort_unstable();
        let mut weights = [0; N];
        let weights = &mut weights[..leaves.len()];
        for (weight, leaf) in weights.iter_mut().zip(&*leaves) {
            *weight = leaf >> SYMBOL_BITS;
        }
        let mut at_depth = depths(weights);
        flatten(&mut at_depth, deepest);
        let mut rarest = leaves.iter();
        for depth in (1..=DEEPEST).rev() {
            for leaf in rarest.by_ref().take(at_depth[depth] as usize) {
                self.lengths[(leaf & SYMBOL) as usize] = DEPTHS[depth];
            }
        }
        self.number(&at_depth);
    }

    /// Words of one length follow each other in the order of their symbols.
    fn number(&mut self, at_depth: &[u32; DEEPEST + 1]) {
        let mut next = [0_u16; DEEPEST + 1];
        for depth in 1..=DEEPEST {
            #[expect(clippy::cast_possible_truncation, reason = "at most 286 symbols")]
            let before = at_depth[depth - 1] as u16;
            next[depth] = (next[depth - 1] + before) << 1;
        }
        for symbol in &self.symbols[..self.used] {
            let symbol = usize::from(*symbol);
            let count = u16::from(self.lengths[symbol]);
            let word = &mut next[usize::from(count)];
            self.words[symbol] = Word { bits: word.reverse_bits() >> (16 - count), count };
            *word += 1;
        }
    }

    /// Bits that symbols of these counts take.
    pub(super) fn cost(&self, counts: &[u32; N]) -> u32 {
        self.lengths().map(|(symbol, length)| counts[symbol] * u32::from(length)).sum()
    }

    /// The symbols that have a word, in order, and how long it is.
    pub(super) fn lengths(&self) -> impl Iterator<Item = (usize, u8)> {
        let symbols = self.symbols[..self.used].iter().map(|&symbol| usize::from(symbol));
        symbols.map(|symbol| (symbol, self.lengths[symbol]))
    }

    /// How long the word of `symbol` is; 0 if it has none.
    pub(super) const fn length(&self, symbol: usize) -> u8 {
        self.lengths[symbol]
    }
}

/// 1 to 15 as bytes.
const DEPTHS: [u8; DEEPEST + 1] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// How many leaves the tree of least weight has at each depth, those beyond 15 at 15; `weights` ascend
/// and are used up. The algorithm of Moffat and Katajainen, in place.
fn depths(weights: &mut [u32]) -> [u32; DEEPEST + 1] {
    join(weights);
    let inner = weights.len() - 1;
    weights[inner - 1] = 0;
    for node in (0..inner - 1).rev() {
        weights[node] = weights[weights[node] as usize] + 1;
    }
    let mut at_depth = [0; DEEPEST + 1];
    let (mut places, mut depth, mut nodes) = (1, 0, weights[..inner].iter().rev().peekable());
    while places > 0 {
        let mut taken = 0;
        while nodes.next_if(|node| **node == depth).is_some() {
            taken += 1;
        }
        at_depth[(depth as usize).min(DEEPEST)] += places - taken;
        places = 2 * taken;
        depth += 1;
    }
    at_depth
}

/// Joins the two lightest until one is left; what was joined holds the index of what it was joined to.
#[expect(clippy::cast_possible_truncation, reason = "an index below 286")]
fn join(weights: &mut [u32]) {
    let (mut leaf, mut root) = (0, 0);
    for node in 0..weights.len() - 1 {
        let mut sum = 0;
        for _ in 0..2 {
            if leaf < weights.len() && (root == node || weights[leaf] <= weights[root]) {
                sum += weights[leaf];
                leaf += 1;
            } else {
                sum += weights[root];
                weights[root] = node as u32;
                root += 1;
            }
        }
        weights[node] = sum;
    }
}

/// Moves leaves up from below `deepest`, and as many down as makes room for them (RFC 1951 §3.2.7).
fn flatten(at_depth: &mut [u32; DEEPEST + 1], deepest: usize) {
    for depth in deepest + 1..=DEEPEST {
        at_depth[deepest] += core::mem::take(&mut at_depth[depth]);
    }
    let room = 1_u32 << deepest;
    let mut taken: u32 = (1..=deepest).map(|depth| at_depth[depth] << (deepest - depth)).sum();
    while taken > room {
        let above = (1..deepest).rev().find(|&depth| at_depth[depth] > 0);
        let depth = above.expect("there are no more symbols than words of the deepest length");
        at_depth[deepest] -= 1;
        at_depth[depth] -= 1;
        at_depth[depth + 1] += 2;
        taken -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::{array::uniform19, prelude::*};

    /// How full a code is; 1 << 15 is one that leaves nothing out and says nothing twice.
    fn fullness<const N: usize>(code: &Code<N>) -> u32 {
        code.lengths().map(|(_, length)| 1 << (15 - length)).sum()
    }

    fn fitted<const N: usize>(counts: &[u32; N], deepest: usize) -> Code<N> {
        let mut code = Code::EMPTY;
        code.fit(counts, deepest);
        code
    }

    /// RFC 1951 §3.2.2: the words of its example, by counts that give its lengths.
    #[test]
    fn words_are_numbered_as_in_the_rfc() {
        let code = fitted(&[4, 4, 4, 4, 4, 9, 2, 2], DEEPEST);
        let lengths: Vec<u8> = (0..8).map(|symbol| code.length(symbol)).collect();
        assert_eq!(lengths, [3, 3, 3, 3, 3, 2, 4, 4]);
        let words = code.words.map(|word| word.bits.reverse_bits() >> (16 - word.count));
        assert_eq!(words, [0b010, 0b011, 0b100, 0b101, 0b110, 0b00, 0b1110, 0b1111]);
    }

    /// RFC 1951 §3.2.7: counts that grow like Fibonacci's numbers would make words of any length.
    #[test]
    fn no_word_is_longer_than_allowed() {
        let (mut counts, mut next) = ([0; 19], (1, 1));
        for count in &mut counts {
            (*count, next) = (next.0, (next.1, next.0 + next.1));
        }
        for deepest in [5, 7, 15] {
            let code = fitted(&counts, deepest);
            assert_eq!(
                code.lengths().map(|(_, length)| length).max(),
                DEPTHS.get(deepest).copied()
            );
            assert_eq!(fullness(&code), 1 << 15);
        }
    }

    /// Not all inflaters take a code of one word.
    #[test]
    fn there_are_always_two_words() {
        for (counts, symbols) in [([0, 0, 0], [0, 1]), ([7, 0, 0], [0, 1]), ([0, 0, 7], [0, 2])] {
            let code = fitted(&counts, DEEPEST);
            assert!(code.lengths().eq(symbols.map(|symbol| (symbol, 1))), "{counts:?}");
        }
    }

    proptest! {
        /// Every code is full, says what occurs, and gives the rarer no shorter word.
        #[test]
        fn codes_are_complete(counts in uniform19(0_u32..500), deepest in 5_usize..=15) {
            let code = fitted(&counts, deepest);
            prop_assert_eq!(fullness(&code), 1 << 15);
            for (symbol, &count) in counts.iter().enumerate() {
                prop_assert!(count == 0 || code.length(symbol) > 0);
                prop_assert!(usize::from(code.length(symbol)) <= deepest);
                for (other, &more) in counts.iter().enumerate() {
                    prop_assert!(count == 0 || more <= count
                        || code.length(other) <= code.length(symbol));
                }
            }
        }
    }
}
