//! A second inflater, bit by bit after RFC 1951, that shares nothing with the first and allows a distance
//! only within exactly the agreed window.

use alloc::vec::Vec;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Cut,
    Block,
    Code,
    Distance { distance: usize, window: usize },
}

/// Inflates `payload` (without its tail) with a window of `window` bytes behind `history`.
pub(super) fn inflate(payload: &[u8], window: usize, history: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut bytes = payload.to_vec();
    bytes.extend_from_slice(&[0, 0, 0xff, 0xff]);
    let mut bits = Bits { bytes: &bytes, at: 0 };
    let mut plain = history.to_vec();
    while bits.at < bits.bytes.len() * 8 {
        let last = bits.take(1)?;
        match bits.take(2)? {
            0 => stored(&mut bits, &mut plain)?,
            1 => coded(&mut bits, &mut plain, window, &Codes::fixed())?,
            2 => {
                let codes = Codes::read(&mut bits)?;
                coded(&mut bits, &mut plain, window, &codes)?;
            }
            _ => return Err(Fault::Block),
        }
        if last == 1 {
            bits.align();
        }
    }
    Ok(plain.split_off(history.len()))
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Result<usize, Fault> {
        let mut value = 0;
        for place in 0..count {
            let byte = self.bytes.get(self.at / 8).ok_or(Fault::Cut)?;
            value |= usize::from(byte >> (self.at % 8) & 1) << place;
            self.at += 1;
        }
        Ok(value)
    }

    fn align(&mut self) {
        self.at = self.at.next_multiple_of(8);
    }
}

fn stored(bits: &mut Bits<'_>, plain: &mut Vec<u8>) -> Result<(), Fault> {
    bits.align();
    let length = bits.take(16)?;
    if bits.take(16)? != length ^ 0xffff {
        return Err(Fault::Block);
    }
    for _ in 0..length {
        plain.push(u8::try_from(bits.take(8)?).expect("eight bits"));
    }
    Ok(())
}

struct Codes {
    literals: Code,
    distances: Code,
}

impl Codes {
    fn fixed() -> Self {
        let mut literals = [8; 288];
        literals[144..256].fill(9);
        literals[256..280].fill(7);
        Self { literals: Code::new(&literals), distances: Code::new(&[5; 30]) }
    }

    fn read(bits: &mut Bits<'_>) -> Result<Self, Fault> {
        let (literals, distances, lengths) =
            (bits.take(5)? + 257, bits.take(5)? + 1, bits.take(4)? + 4);
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        let mut code = [0; 19];
        for place in order.into_iter().take(lengths) {
            code[place] = bits.take(3)?;
        }
        let code = Code::new(&code);
        let mut all: Vec<usize> = Vec::new();
        while all.len() < literals + distances {
            let (value, times) = match code.symbol(bits)? {
                16 => (*all.last().ok_or(Fault::Code)?, 3 + bits.take(2)?),
                17 => (0, 3 + bits.take(3)?),
                18 => (0, 11 + bits.take(7)?),
                length => (length, 1),
            };
            all.extend(core::iter::repeat_n(value, times));
        }
        if all.len() > literals + distances {
            return Err(Fault::Code);
        }
        let distances = Code::new(&all[literals..]);
        Ok(Self { literals: Code::new(&all[..literals]), distances })
    }
}

/// A canonical code (RFC 1951 §3.2.2): how many symbols have each length, and the symbols by their code.
struct Code {
    counts: [usize; 16],
    symbols: Vec<usize>,
}

impl Code {
    fn new(lengths: &[usize]) -> Self {
        let counts = core::array::from_fn(|length| match length {
            0 => 0,
            _ => lengths.iter().filter(|&&of| of == length).count(),
        });
        let mut symbols: Vec<usize> = (0..lengths.len()).filter(|&at| lengths[at] > 0).collect();
        symbols.sort_by_key(|&at| lengths[at]);
        Self { counts, symbols }
    }

    fn symbol(&self, bits: &mut Bits<'_>) -> Result<usize, Fault> {
        let (mut code, mut first, mut before) = (0, 0, 0);
        for count in &self.counts[1..] {
            code |= bits.take(1)?;
            if code < first + count {
                return Ok(self.symbols[before + code - first]);
            }
            before += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        Err(Fault::Code)
    }
}

fn coded(
    bits: &mut Bits<'_>,
    plain: &mut Vec<u8>,
    window: usize,
    codes: &Codes,
) -> Result<(), Fault> {
    loop {
        let literal = codes.literals.symbol(bits)?;
        if let Ok(byte) = u8::try_from(literal) {
            plain.push(byte);
            continue;
        }
        let length = match literal {
            256 => return Ok(()),
            257..=264 => literal - 254,
            265..=284 => {
                let extra = (literal - 261) / 4;
                let base = ((4 + (literal - 261) % 4) << extra) + 3;
                base + bits.take(extra)?
            }
            285 => 258,
            _ => return Err(Fault::Code),
        };
        let distance = match codes.distances.symbol(bits)? {
            place @ 0..=3 => place + 1,
            place @ 4..=29 => {
                let extra = place / 2 - 1;
                let base = ((2 + place % 2) << extra) + 1;
                base + bits.take(extra)?
            }
            _ => return Err(Fault::Code),
        };
        if distance > window || distance > plain.len() {
            return Err(Fault::Distance { distance, window });
        }
        for _ in 0..length {
            plain.push(plain[plain.len() - distance]);
        }
    }
}

/// RFC 7692 §7.2.3.1 and §7.2.3.2: the judge itself knows the vectors.
#[test]
fn it_inflates_the_vectors_of_the_rfc() {
    let first = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
    assert_eq!(inflate(&first, 256, b""), Ok(b"Hello".to_vec()));
    assert_eq!(inflate(&[0xf2, 0x00, 0x11, 0x00, 0x00], 256, b"Hello"), Ok(b"Hello".to_vec()));
}

/// checklist 116: the judge sees a distance that is one too far.
#[test]
fn it_rejects_a_distance_beyond_the_window() {
    let back_five = [0xf2, 0x00, 0x11, 0x00, 0x00];
    assert_eq!(inflate(&back_five, 4, b"Hello"), Err(Fault::Distance { distance: 5, window: 4 }));
}
