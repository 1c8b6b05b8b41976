//! One code point, byte by byte (RFC 3629 §4).

/// What is still to come of a code point that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rest {
    /// How many bytes; never 0.
    bytes: u8,
    /// The bounds of the next byte. They are narrower than 0x80 to 0xBF where those would allow an
    /// overlong form, a surrogate, or a code point above U+10FFFF.
    low: u8,
    high: u8,
}

/// Where a text stands after a byte.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// Between code points.
    #[default]
    Between,
    /// Inside a code point: legal so far.
    Inside(Rest),
    /// Behind a byte that cannot stand where it stood. There is no way back.
    Broken,
}

impl Place {
    /// The place after one more byte.
    pub(super) fn after(self, byte: u8) -> Self {
        match self {
            Self::Between => Self::after_first(byte),
            Self::Inside(rest) => rest.after(byte),
            Self::Broken => Self::Broken,
        }
    }

    /// The table of RFC 3629 §4, row by row.
    fn after_first(byte: u8) -> Self {
        let (bytes, low, high) = match byte {
            0x00..=0x7F => return Self::Between,
            0xC2..=0xDF => (1, 0x80, 0xBF),
            0xE0 => (2, 0xA0, 0xBF),
            0xE1..=0xEC | 0xEE..=0xEF => (2, 0x80, 0xBF),
            0xED => (2, 0x80, 0x9F),
            0xF0 => (3, 0x90, 0xBF),
            0xF1..=0xF3 => (3, 0x80, 0xBF),
            0xF4 => (3, 0x80, 0x8F),
            0x80..=0xC1 | 0xF5..=0xFF => return Self::Broken,
        };
        Self::Inside(Rest { bytes, low, high })
    }
}

impl Rest {
    fn after(self, byte: u8) -> Place {
        if !(self.low..=self.high).contains(&byte) {
            return Place::Broken;
        }
        match self.bytes - 1 {
            0 => Place::Between,
            bytes => Place::Inside(Self { bytes, low: 0x80, high: 0xBF }),
        }
    }
}

/// Splits off the code point that `bytes` end inside of, if they are legal up to there.
///
/// Bytes that are not legal may be split anywhere: whoever checks both parts finds out.
#[inline]
pub(super) fn split_cut(bytes: &[u8]) -> (&[u8], &[u8]) {
    let cut = match *bytes {
        [.., 0x00..=0x7F] | [] => 0,
        [.., 0xC0..=0xFF] => 1,
        [.., 0xE0..=0xFF, _] => 2,
        [.., 0xF0..=0xFF, _, _] => 3,
        _ => 0,
    };
    bytes.split_at(bytes.len() - cut)
}
