//! The 2 to 14 bytes in front of a payload (RFC 6455 §5.2).

use super::opcode::OpCode;
use crate::error::Misdeed;
use wharf_bytes::MaskKey;

/// Set on the first frame of a compressed message (RFC 7692 §6).
pub(crate) const RSV1: u8 = 0b100;

const FIN: u8 = 0x80;
const MASKED: u8 = 0x80;

/// A frame header, well-formed in itself; whether it is welcome is decided by admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) fin: bool,
    /// RSV1 to RSV3 as a number of three bits.
    pub(crate) rsv: u8,
    pub(crate) opcode: OpCode,
    pub(crate) key: Option<MaskKey>,
    pub(crate) len: u64,
}

/// What the bytes at hand amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peek {
    /// A whole header, and the bytes it took.
    Header(FrameHeader, usize),
    /// The start of one.
    Partial,
}

impl FrameHeader {
    /// The longest header: two bytes, a 64-bit length, a key.
    pub(crate) const MAX: usize = 14;

    /// Reads the header at the start of `bytes`.
    #[inline]
    pub(crate) fn peek(bytes: &[u8]) -> Result<Peek, Misdeed> {
        let [first, second, rest @ ..] = bytes else { return Ok(Peek::Partial) };
        let Some(opcode) = OpCode::parse(first & 0x0F) else {
            return Err(Misdeed::Opcode(first & 0x0F));
        };
        let Some((len, rest)) = length(second & 0x7F, rest)? else { return Ok(Peek::Partial) };
        let (key, rest) = if second & MASKED == 0 {
            (None, rest)
        } else {
            match rest.split_first_chunk::<4>() {
                Some((key, rest)) => (Some(*key), rest),
                None => return Ok(Peek::Partial),
            }
        };
        let header = Self { fin: first & FIN != 0, rsv: (first >> 4) & 0b111, opcode, key, len };
        Ok(Peek::Header(header, bytes.len() - rest.len()))
    }

    /// Writes the header and returns how many bytes it took; the length in its shortest form.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "each arm has compared the length")]
    pub(crate) fn write(&self, out: &mut [u8; Self::MAX]) -> usize {
        let fin = if self.fin { FIN } else { 0 };
        let masked = if self.key.is_some() { MASKED } else { 0 };
        out[0] = fin | self.rsv << 4 | self.opcode.bits();
        let mut used = match self.len {
            0..=125 => {
                out[1] = masked | self.len as u8;
                2
            }
            126..=0xFFFF => {
                out[1] = masked | 126;
                out[2..4].copy_from_slice(&(self.len as u16).to_be_bytes());
                4
            }
            _ => {
                out[1] = masked | 127;
                out[2..10].copy_from_slice(&self.len.to_be_bytes());
                10
            }
        };
        if let Some(key) = self.key {
            out[used..used + 4].copy_from_slice(&key);
            used += 4;
        }
        used
    }
}

/// The payload length and what follows it; `None` if its bytes are not all there.
#[inline]
fn length(short: u8, rest: &[u8]) -> Result<Option<(u64, &[u8])>, Misdeed> {
    match short {
        126 => {
            let Some((bytes, rest)) = rest.split_first_chunk::<2>() else { return Ok(None) };
            let len = u64::from(u16::from_be_bytes(*bytes));
            if len < 126 { Err(Misdeed::LengthNotMinimal) } else { Ok(Some((len, rest))) }
        }
        127 => {
            let Some((bytes, rest)) = rest.split_first_chunk::<8>() else { return Ok(None) };
            let len = u64::from_be_bytes(*bytes);
            if len >> 63 != 0 {
                Err(Misdeed::LengthTopBit)
            } else if len <= 0xFFFF {
                Err(Misdeed::LengthNotMinimal)
            } else {
                Ok(Some((len, rest)))
            }
        }
        short => Ok(Some((u64::from(short), rest))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::types::Kind;
    use hex_literal::hex;
    use proptest::prelude::*;

    fn header(len: u64, key: Option<MaskKey>) -> FrameHeader {
        FrameHeader { fin: true, rsv: 0, opcode: OpCode::Data(Kind::Binary), key, len }
    }

    /// RFC 6455 §5.7: the examples' headers.
    #[test]
    fn examples_of_the_rfc_are_read() {
        let text = FrameHeader { opcode: OpCode::Data(Kind::Text), ..header(5, None) };
        assert_eq!(FrameHeader::peek(&hex!("81 05 48")), Ok(Peek::Header(text, 2)));
        let masked = FrameHeader { key: Some(hex!("37 fa 21 3d")), ..text };
        assert_eq!(FrameHeader::peek(&hex!("81 85 37 fa 21 3d 7f")), Ok(Peek::Header(masked, 6)));
        assert_eq!(FrameHeader::peek(&hex!("82 7e 0100")), Ok(Peek::Header(header(256, None), 4)));
        assert_eq!(
            FrameHeader::peek(&hex!("82 7f 0000000000010000")),
            Ok(Peek::Header(header(65536, None), 10))
        );
    }

    /// RFC 6455 §5.2; checklist 57: the shortest form is the only one.
    #[test]
    fn longer_forms_of_a_length_are_refused() {
        for bytes in [
            &hex!("82 7e 007d")[..],
            &hex!("82 7f 000000000000007d"),
            &hex!("82 7f 000000000000ffff"),
        ] {
            assert_eq!(FrameHeader::peek(bytes), Err(Misdeed::LengthNotMinimal));
        }
    }

    /// RFC 6455 §5.2; checklist 56.
    #[test]
    fn the_top_bit_of_a_length_is_refused() {
        assert_eq!(FrameHeader::peek(&hex!("82 7f 8000000000000000")), Err(Misdeed::LengthTopBit));
        assert_eq!(FrameHeader::peek(&hex!("82 7f ffffffffffffffff")), Err(Misdeed::LengthTopBit));
    }

    /// RFC 6455 §5.2; checklist 55.
    #[test]
    fn reserved_opcodes_are_refused() {
        for bits in [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF] {
            assert_eq!(FrameHeader::peek(&[0x80 | bits, 0]), Err(Misdeed::Opcode(bits)));
        }
    }

    proptest! {
        /// Checklist 57: what is written is read back, in its shortest form, and needs every byte.
        #[test]
        fn written_headers_are_read_back(fin: bool, rsv in 0..8_u8, bits in prop::sample::select(&[0, 1, 2, 8, 9, 10][..]), key: Option<MaskKey>, len in prop_oneof![0..200_u64, 65_000..66_000_u64, 0..1_u64 << 63]) {
            let opcode = OpCode::parse(bits).unwrap();
            let header = FrameHeader { fin, rsv, opcode, key, len };
            let mut bytes = [0; FrameHeader::MAX];
            let used = header.write(&mut bytes);
            prop_assert_eq!(FrameHeader::peek(&bytes), Ok(Peek::Header(header, used)));
            for cut in 0..used {
                prop_assert_eq!(FrameHeader::peek(&bytes[..cut]), Ok(Peek::Partial));
            }
        }
    }
}
