//! Canonical codes of DEFLATE (RFC 1951 §3.2.2), decoded bit by bit.

/// The longest code.
const LONGEST: usize = 15;

/// A code: how many symbols each length has, and the symbols in order.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    counts: [u16; LONGEST + 1],
    symbols: Vec<u16>,
}

/// Lengths that make no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoCode {
    /// More codes than bits can tell apart.
    TooMany,
    /// Some bits mean nothing.
    Incomplete,
}

impl Code {
    /// The code whose symbol `n` has `lengths[n]` bits. A single symbol of one bit may stand alone.
    pub(crate) fn new(lengths: &[u8]) -> Result<Self, NoCode> {
        let mut counts = [0_u16; LONGEST + 1];
        for &length in lengths {
            counts[usize::from(length)] += 1;
        }
        counts[0] = 0;
        let mut left: i32 = 1;
        for &count in &counts[1..] {
            left = (left << 1) - i32::from(count);
            if left < 0 {
                return Err(NoCode::TooMany);
            }
        }
        let used: u16 = counts.iter().sum();
        if left > 0 && used > 1 {
            return Err(NoCode::Incomplete);
        }
        let mut symbols: Vec<u16> =
            (0_u16..).zip(lengths).filter(|(_, length)| **length > 0).map(|(n, _)| n).collect();
        symbols.sort_by_key(|&symbol| lengths[usize::from(symbol)]);
        Ok(Self { counts, symbols })
    }

    /// RFC 1951 §3.2.6: literals and lengths of a block with fixed codes.
    pub(crate) fn fixed_literals() -> Self {
        let mut lengths = [8_u8; 288];
        lengths[144..256].fill(9);
        lengths[256..280].fill(7);
        Self::new(&lengths).expect("the RFC's lengths make a code")
    }

    /// RFC 1951 §3.2.6: distances of a block with fixed codes.
    pub(crate) fn fixed_distances() -> Self {
        Self::new(&[5; 32]).expect("the RFC's lengths make a code")
    }

    /// The symbol that the next bits mean; `None` if they mean nothing or end.
    pub(crate) fn read(&self, mut bit: impl FnMut() -> Option<u16>) -> Option<u16> {
        let (mut code, mut first, mut index) = (0_u16, 0_u16, 0_usize);
        for &count in &self.counts[1..] {
            code |= bit()?;
            if let Some(offset) = code.checked_sub(first).filter(|&offset| offset < count) {
                return self.symbols.get(index + usize::from(offset)).copied();
            }
            index += usize::from(count);
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1951 §3.2.2: the example with the lengths (3, 3, 3, 3, 3, 2, 4, 4).
    #[test]
    fn the_example_of_the_rfc_decodes() {
        let code = Code::new(&[3, 3, 3, 3, 3, 2, 4, 4]).unwrap();
        let read = |bits: &[u16]| {
            let mut bits = bits.iter().copied();
            code.read(|| bits.next())
        };
        assert_eq!(read(&[0, 0]), Some(5));
        assert_eq!(read(&[0, 1, 0]), Some(0));
        assert_eq!(read(&[1, 1, 1, 1]), Some(7));
        assert_eq!(read(&[1, 1]), None);
    }

    #[test]
    fn lengths_that_make_no_code_are_refused() {
        assert_eq!(Code::new(&[1, 1, 1]).unwrap_err(), NoCode::TooMany);
        assert_eq!(Code::new(&[2, 2]).unwrap_err(), NoCode::Incomplete);
        assert!(Code::new(&[1]).is_ok());
    }
}
