//! The codes that need not be told (RFC 1951 §3.2.6).

use super::{
    alphabet::{DISTANCES, LITERALS},
    code::Word,
};

pub(super) static FIXED_LITERALS: [Word; LITERALS] = literals();
pub(super) static FIXED_DISTANCES: [Word; DISTANCES] = distances();

/// Bits that symbols of these counts take.
pub(super) fn cost(literals: &[u32; LITERALS], distances: &[u32; DISTANCES]) -> u32 {
    let sum = |counts: &[u32]| counts.iter().sum::<u32>();
    8 * sum(&literals[..144])
        + 9 * sum(&literals[144..256])
        + 7 * sum(&literals[256..280])
        + 8 * sum(&literals[280..])
        + 5 * sum(distances)
}

const fn literals() -> [Word; LITERALS] {
    let mut words = [word(0, 1); LITERALS];
    let mut symbol = 0;
    while symbol < LITERALS {
        words[symbol] = match symbol {
            0..144 => word(0b0011_0000 + symbol, 8),
            144..256 => word(0b1_1001_0000 + symbol - 144, 9),
            256..280 => word(symbol - 256, 7),
            _ => word(0b1100_0000 + symbol - 280, 8),
        };
        symbol += 1;
    }
    words
}

const fn distances() -> [Word; DISTANCES] {
    let mut words = [word(0, 1); DISTANCES];
    let mut symbol = 0;
    while symbol < DISTANCES {
        words[symbol] = word(symbol, 5);
        symbol += 1;
    }
    words
}

#[expect(clippy::cast_possible_truncation, reason = "at most nine bits")]
const fn word(bits: usize, count: u16) -> Word {
    Word { bits: (bits as u16).reverse_bits() >> (16 - count), count }
}
