//! Bits into bytes, the least significant first (RFC 1951 §3.1.1).

use alloc::vec::Vec;

/// The bits of a byte that is not full yet.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Partial {
    bits: u64,
    count: u32,
}

/// Writes into room that was made before.
pub(super) struct BitWriter<'a> {
    room: &'a mut [u8],
    at: usize,
    bits: u64,
    count: u32,
}

/// What one [`flush`](BitWriter::flush) stores, whatever of it counts.
const WORD: usize = 8;

impl Partial {
    /// Appends what `write` writes, at most `most` bits, to `out`.
    pub(super) fn write(
        &mut self,
        out: &mut Vec<u8>,
        most: usize,
        write: impl FnOnce(&mut BitWriter<'_>),
    ) {
        let start = out.len();
        out.resize(start + most / 8 + 1 + WORD, 0);
        let room = &mut out[start..];
        let mut writer = BitWriter { room, at: 0, bits: self.bits, count: self.count };
        write(&mut writer);
        writer.flush();
        let end = start + writer.at;
        *self = Self { bits: writer.bits, count: writer.count };
        out.truncate(end);
    }

    /// Fills the byte under way with zeroes.
    pub(super) fn align(&mut self, out: &mut Vec<u8>) {
        if self.count > 0 {
            out.push(self.bits.to_le_bytes()[0]);
        }
        *self = Self::default();
    }

    /// Bits that wait, 7 at most.
    pub(super) const fn count(self) -> u32 {
        self.count
    }
}

impl BitWriter<'_> {
    /// The low `count` bits of `bits`, above which there is nothing. No more than 56 before a flush.
    #[inline]
    pub(super) fn put(&mut self, bits: u32, count: u32) {
        self.bits |= u64::from(bits) << self.count;
        self.count += count;
    }

    /// Stores whole bytes.
    #[inline]
    pub(super) fn flush(&mut self) {
        self.room[self.at..self.at + WORD].copy_from_slice(&self.bits.to_le_bytes());
        let whole = self.count / 8;
        self.at += whole as usize;
        self.bits >>= whole * 8;
        self.count %= 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1951 §3.1.1.
    #[test]
    fn the_first_bit_is_the_lowest() {
        let (mut partial, mut out) = (Partial::default(), Vec::new());
        partial.write(&mut out, 3, |writer| writer.put(0b101, 3));
        assert_eq!((out.len(), partial.count()), (0, 3));
        partial.write(&mut out, 14, |writer| {
            writer.put(0b11, 2);
            writer.put(0xABC, 12);
        });
        assert_eq!((&out[..], partial.count()), (&[0b1001_1101, 0x57][..], 1));
        partial.align(&mut out);
        partial.align(&mut out);
        assert_eq!(out, [0b1001_1101, 0x57, 1]);
    }
}
