//! What can be wrong with two bytes that follow each other, as tables to look nibbles up in.
//!
//! Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte" (2021): three nibbles, the
//! first byte's two and the high one of the second, tell each fault. A fault is a bit; a pair of bytes has
//! it if all three tables have the bit.

/// The bit that says "both bytes continue a code point", which is a fault only where the bytes before do
/// not ask for it.
pub(super) const TWO_CONTINUE: u8 = 0x80;

/// A fault, and the nibbles that show it: bit `n` of a set stands for the nibble `n`.
struct Fault {
    bit: u8,
    first_high: u16,
    first_low: u16,
    second_high: u16,
}

const ANY: u16 = set(0x0, 0xF);
const ASCII: u16 = set(0x0, 0x7);
const CONTINUES: u16 = set(0x8, 0xB);
const BEGINS: u16 = set(0xC, 0xF);

/// RFC 3629 §4, the other way round.
const FAULTS: [Fault; 9] = [
    fault(0x01, BEGINS, ANY, ASCII | BEGINS), // cut short
    fault(0x02, ASCII, ANY, CONTINUES),       // nothing to continue
    fault(0x04, set(0xE, 0xE), set(0x0, 0x0), set(0x8, 0x9)), // overlong, three bytes
    fault(0x08, set(0xE, 0xE), set(0xD, 0xD), set(0xA, 0xB)), // a surrogate
    fault(0x10, set(0xF, 0xF), set(0x4, 0xF), set(0x9, 0xB)), // above U+10FFFF
    fault(0x20, set(0xC, 0xC), set(0x0, 0x1), CONTINUES), // overlong, two bytes
    fault(0x40, set(0xF, 0xF), set(0x0, 0x0), set(0x8, 0x8)), // overlong, four bytes
    fault(0x40, set(0xF, 0xF), set(0x5, 0xF), set(0x8, 0x8)), // above U+13FFFF
    fault(TWO_CONTINUE, CONTINUES, ANY, CONTINUES),
];

pub(super) const FIRST_HIGH: [u8; 32] = table(Nibble::FirstHigh);
pub(super) const FIRST_LOW: [u8; 32] = table(Nibble::FirstLow);
pub(super) const SECOND_HIGH: [u8; 32] = table(Nibble::SecondHigh);

enum Nibble {
    FirstHigh,
    FirstLow,
    SecondHigh,
}

const fn fault(bit: u8, first_high: u16, first_low: u16, second_high: u16) -> Fault {
    Fault { bit, first_high, first_low, second_high }
}

/// The nibbles from `low` to `high`.
const fn set(low: u32, high: u32) -> u16 {
    (u16::MAX >> (15 - (high - low))) << low
}

/// The faults by nibble, twice: a table for each half of a vector of 32 bytes.
const fn table(nibble: Nibble) -> [u8; 32] {
    let (mut table, mut at) = ([0; 32], 0);
    while at < 32 * FAULTS.len() {
        let (entry, fault) = (at % 32, &FAULTS[at / 32]);
        let nibbles = match nibble {
            Nibble::FirstHigh => fault.first_high,
            Nibble::FirstLow => fault.first_low,
            Nibble::SecondHigh => fault.second_high,
        };
        if nibbles >> (entry % 16) & 1 == 1 {
            table[entry] |= fault.bit;
        }
        at += 1;
    }
    table
}
