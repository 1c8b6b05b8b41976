//! The symbols for lengths and distances, and the bits behind them (RFC 1951 §3.2.5).

/// Literals, the end of a block, and lengths; 286 and 287 never occur.
pub(super) const LITERALS: usize = 286;
/// Distances; 30 and 31 never occur.
pub(super) const DISTANCES: usize = 30;
/// The end of a block.
pub(super) const END: usize = 256;

/// The longest match.
pub(super) const LONGEST: usize = 258;

/// A symbol with the bits that follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Symbol {
    pub(super) symbol: u32,
    pub(super) extra: u32,
    pub(super) count: u32,
}

impl Symbol {
    /// Of a length of 3 to 258; its symbol stands in the alphabet of literals.
    #[inline]
    pub(super) const fn of_length(length: u16) -> Self {
        let above = length as u32 - 3;
        if above < 4 {
            return Self { symbol: 257 + above, extra: 0, count: 0 };
        }
        if above == 255 {
            return Self { symbol: 285, extra: 0, count: 0 };
        }
        let count = above.ilog2() - 2;
        let symbol = 257 + 4 * (count + 1) + ((above >> count) & 3);
        Self { symbol, extra: above & ((1 << count) - 1), count }
    }

    /// Of a distance of 1 to 32,768.
    #[inline]
    pub(super) const fn of_distance(distance: u16) -> Self {
        let above = distance as u32 - 1;
        if above < 2 {
            return Self { symbol: above, extra: 0, count: 0 };
        }
        let count = above.ilog2() - 1;
        let symbol = 2 * (count + 1) + ((above >> count) & 1);
        Self { symbol, extra: above & ((1 << count) - 1), count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1951 §3.2.5: the table of lengths, first and last of each symbol.
    #[test]
    fn lengths_have_the_symbols_of_the_table() {
        let mut length = 3;
        for (symbol, count) in (257..285).zip(
            [0, 0, 0, 0, 0, 0, 0]
                .into_iter()
                .chain([0].into_iter().chain((1..=5).flat_map(|bits| [bits; 4]))),
        ) {
            for extra in 0..1 << count {
                // 258 is 284 with 31 as well as 285; the latter is shorter.
                let expected = match length {
                    258 => Symbol { symbol: 285, extra: 0, count: 0 },
                    _ => Symbol { symbol, extra, count },
                };
                assert_eq!(Symbol::of_length(length), expected, "{length}");
                length += 1;
            }
        }
        assert_eq!(length, 259);
    }

    /// RFC 1951 §3.2.5: the table of distances.
    #[test]
    fn distances_have_the_symbols_of_the_table() {
        let mut distance = 1;
        let counts = [0, 0].into_iter().chain((0..14).flat_map(|bits| [bits; 2]));
        for (symbol, count) in (0..30).zip(counts) {
            for extra in 0..1 << count {
                let expected = Symbol { symbol, extra, count };
                assert_eq!(Symbol::of_distance(distance), expected, "{distance}");
                distance += 1;
            }
        }
        assert_eq!(distance, 32_769);
    }
}
