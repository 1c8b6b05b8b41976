//! A strict inflater (RFC 1951): it knows the window that was agreed and forgives no byte beyond it.

use super::huffman::Code;
use std::fmt;

/// The longest message that comes out; no case asks for more.
const LONGEST: usize = 64 << 20;

/// RFC 1951 §3.2.5: length codes from 257.
const LENGTH_BASE: [u16; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];
const LENGTH_EXTRA: [u8; 29] =
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE: [u16; 30] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
    2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA: [u8; 30] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
];
/// RFC 1951 §3.2.7: the order of the code lengths of the code lengths.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// What is wrong with a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It reaches farther back than the window that was agreed.
    Window { distance: usize, window: usize },
    /// It reaches back before the first byte, or into a context that was dropped.
    BeforeStart { distance: usize },
    /// It ends in the middle of a block.
    Cut,
    /// A block type, a code or a length that RFC 1951 does not have.
    Malformed,
    /// It inflates to more than any case asks for.
    TooLong,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window { distance, window } => write!(
                f,
                "the stream reaches back {distance} bytes, but a window of {window} was agreed"
            ),
            Self::BeforeStart { distance } => write!(
                f,
                "the stream reaches back {distance} bytes, before the first one of its context"
            ),
            Self::Cut => f.write_str("the stream ends in the middle of a block"),
            Self::Malformed => f.write_str("the stream is no DEFLATE"),
            Self::TooLong => f.write_str("the stream inflates to more than 64 MiB"),
        }
    }
}

/// Inflates the messages of one direction.
#[derive(Debug)]
pub(crate) struct Inflater {
    window: usize,
    /// The context, and behind it what the message under way gave.
    out: Vec<u8>,
    /// Where the message under way begins.
    start: usize,
}

impl Inflater {
    /// With a window of this many bits, 8 to 15.
    pub(crate) fn new(bits: u8) -> Self {
        Self { window: 1 << bits, out: Vec::new(), start: 0 }
    }

    /// Forgets the context.
    pub(crate) fn reset(&mut self) {
        self.out.clear();
    }

    /// The message in this payload (RFC 7692 §7.2.2).
    pub(crate) fn message(&mut self, payload: &[u8]) -> Result<Vec<u8>, Flaw> {
        let excess = self.out.len().saturating_sub(self.window);
        self.out.drain(..excess);
        self.start = self.out.len();
        let bytes = [payload, &[0, 0, 0xff, 0xff]].concat();
        let mut bits = Bits { bytes: &bytes, at: 0 };
        while bits.at < bytes.len() * 8 {
            self.block(&mut bits)?;
        }
        Ok(self.out[self.start..].to_vec())
    }

    fn block(&mut self, bits: &mut Bits<'_>) -> Result<(), Flaw> {
        let is_last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => self.stored(bits)?,
            1 => self.coded(bits, &Code::fixed_literals(), &Code::fixed_distances())?,
            2 => {
                let (literals, distances) = dynamic(bits)?;
                self.coded(bits, &literals, &distances)?;
            }
            _ => return Err(Flaw::Malformed),
        }
        if is_last {
            // RFC 7692 §7.2.3.4: what follows begins with the next byte.
            bits.align();
        }
        Ok(())
    }

    fn stored(&mut self, bits: &mut Bits<'_>) -> Result<(), Flaw> {
        bits.align();
        let (length, complement) = (bits.take(16)?, bits.take(16)?);
        if length != !complement {
            return Err(Flaw::Malformed);
        }
        let bytes = bits.bytes(usize::from(length))?;
        self.out.extend(bytes);
        self.bounded()
    }

    fn coded(
        &mut self,
        bits: &mut Bits<'_>,
        literals: &Code,
        distances: &Code,
    ) -> Result<(), Flaw> {
        loop {
            match bits.symbol(literals)? {
                literal @ 0..256 => self.out.push(literal.to_be_bytes()[1]),
                256 => return Ok(()),
                length => {
                    let index = usize::from(length - 257);
                    let extra = *LENGTH_EXTRA.get(index).ok_or(Flaw::Malformed)?;
                    let length = LENGTH_BASE[index] + bits.take(extra)?;
                    let index = usize::from(bits.symbol(distances)?);
                    let extra = *DISTANCE_EXTRA.get(index).ok_or(Flaw::Malformed)?;
                    let distance =
                        usize::from(DISTANCE_BASE[index]) + usize::from(bits.take(extra)?);
                    self.copy(distance, usize::from(length))?;
                }
            }
            self.bounded()?;
        }
    }

    fn copy(&mut self, distance: usize, length: usize) -> Result<(), Flaw> {
        if distance > self.window {
            return Err(Flaw::Window { distance, window: self.window });
        }
        let from = self.out.len().checked_sub(distance).ok_or(Flaw::BeforeStart { distance })?;
        for index in from..from + length {
            self.out.push(self.out[index]);
        }
        Ok(())
    }

    fn bounded(&self) -> Result<(), Flaw> {
        if self.out.len() - self.start > LONGEST { Err(Flaw::TooLong) } else { Ok(()) }
    }
}

fn dynamic(bits: &mut Bits<'_>) -> Result<(Code, Code), Flaw> {
    let literals = usize::from(bits.take(5)?) + 257;
    let distances = usize::from(bits.take(5)?) + 1;
    let mut lengths = [0_u8; 19];
    for &place in &ORDER[..usize::from(bits.take(4)?) + 4] {
        lengths[place] = bits.take(3)?.to_be_bytes()[1];
    }
    let code = Code::new(&lengths).map_err(|_| Flaw::Malformed)?;
    let mut lengths: Vec<u8> = Vec::with_capacity(literals + distances);
    while lengths.len() < literals + distances {
        let (value, times) = match bits.symbol(&code)? {
            16 => (*lengths.last().ok_or(Flaw::Malformed)?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length.to_be_bytes()[1], 1),
        };
        lengths.extend(std::iter::repeat_n(value, usize::from(times)));
    }
    if lengths.len() > literals + distances {
        return Err(Flaw::Malformed);
    }
    let (literals, distances) = lengths.split_at(literals);
    let code = |lengths: &[u8]| Code::new(lengths).map_err(|_| Flaw::Malformed);
    Ok((code(literals)?, code(distances)?))
}

/// Bits, the lowest of each byte first (RFC 1951 §3.1.1).
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    fn bit(&mut self) -> Option<u16> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (self.at % 8) & 1;
        self.at += 1;
        Some(bit.into())
    }

    fn take(&mut self, count: u8) -> Result<u16, Flaw> {
        (0..count).try_fold(0, |value, place| Ok(value | self.bit().ok_or(Flaw::Cut)? << place))
    }

    fn symbol(&mut self, code: &Code) -> Result<u16, Flaw> {
        let symbol = code.read(|| self.bit());
        let flaw = if self.at >= self.bytes.len() * 8 { Flaw::Cut } else { Flaw::Malformed };
        symbol.ok_or(flaw)
    }

    const fn align(&mut self) {
        self.at = self.at.next_multiple_of(8);
    }

    fn bytes(&mut self, count: usize) -> Result<&'a [u8], Flaw> {
        let start = self.at / 8;
        let bytes = self.bytes.get(start..start + count).ok_or(Flaw::Cut)?;
        self.at += count * 8;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inflate(payload: &[u8]) -> Result<Vec<u8>, Flaw> {
        Inflater::new(15).message(payload)
    }

    /// RFC 7692 §7.2.3. checklist 113, 114
    #[test]
    fn the_examples_of_the_rfc_inflate() {
        let vectors: [&[u8]; 5] = [
            &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00],
            &[0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00],
            &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00],
            &[0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00],
            &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00, 0x00, 0xff, 0xff, 0x00],
        ];
        for vector in vectors {
            assert_eq!(inflate(vector).unwrap(), b"Hello", "{vector:02x?}");
        }
        assert_eq!(inflate(&[0]).unwrap(), b"");
    }

    /// RFC 7692 §7.2.3.2: the second message is found in the first. checklist 108
    #[test]
    fn a_context_is_kept_until_it_is_dropped() {
        let mut inflater = Inflater::new(15);
        let first = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
        let second = [0xf2, 0x00, 0x11, 0x00, 0x00];
        assert_eq!(inflater.message(&first).unwrap(), b"Hello");
        assert_eq!(inflater.message(&second).unwrap(), b"Hello");
        inflater.reset();
        assert_eq!(inflater.message(&second), Err(Flaw::BeforeStart { distance: 5 }));
    }

    #[test]
    fn what_is_no_stream_is_refused() {
        assert_eq!(inflate(&[0x06]), Err(Flaw::Malformed));
        assert_eq!(inflate(&[0xf2, 0x48]), Err(Flaw::Cut));
    }
}
