//! Frames to be sent, legal or not (RFC 6455 §5.2).

use super::{key::random, payload::Payload, role::Role};

/// Bits of the first byte.
const FIN: u8 = 0x80;
/// The first reserved bit; permessage-deflate's.
pub(crate) const RSV1: u8 = 0x40;
/// The second reserved bit.
pub(crate) const RSV2: u8 = 0x20;
/// The third reserved bit.
pub(crate) const RSV3: u8 = 0x10;

/// Opcodes (RFC 6455 §11.8).
pub(crate) mod opcode {
    pub(crate) const CONTINUATION: u8 = 0;
    pub(crate) const TEXT: u8 = 1;
    pub(crate) const BINARY: u8 = 2;
    pub(crate) const CLOSE: u8 = 8;
    pub(crate) const PING: u8 = 9;
    pub(crate) const PONG: u8 = 10;
}

/// How a frame is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mask {
    /// As the sender's role demands.
    Due,
    /// As it forbids.
    Wrong,
    /// With this key, whatever the role.
    Key([u8; 4]),
}

/// How the length is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// In the shortest form, as it must be.
    Minimal,
    /// In 16 bits, even if 7 are enough.
    Sixteen,
    /// In 64 bits, even if fewer are enough.
    SixtyFour,
    /// This number in its shortest form, whatever the payload's length is.
    Claimed(u64),
}

/// A frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    first: u8,
    mask: Mask,
    length: Length,
    payload: Payload,
}

impl Frame {
    /// A final frame with any opcode of four bits.
    pub(crate) fn new(opcode: u8, payload: impl Into<Payload>) -> Self {
        Self {
            first: FIN | opcode & 0xf,
            mask: Mask::Due,
            length: Length::Minimal,
            payload: payload.into(),
        }
    }

    /// More frames of the message follow.
    pub(crate) const fn unfinished(mut self) -> Self {
        self.first &= !FIN;
        self
    }

    /// With these reserved bits set.
    pub(crate) const fn reserved(mut self, bits: u8) -> Self {
        self.first |= bits & 0x70;
        self
    }

    /// Masked in this way.
    pub(crate) const fn masked(mut self, mask: Mask) -> Self {
        self.mask = mask;
        self
    }

    /// With its length written in this way.
    pub(crate) const fn length(mut self, length: Length) -> Self {
        self.length = length;
        self
    }

    /// The first byte of the header.
    pub(crate) const fn first_byte(&self) -> u8 {
        self.first
    }

    /// What is inside.
    pub(crate) const fn payload(&self) -> &Payload {
        &self.payload
    }

    /// The bytes, as a sender of this role writes them.
    pub(crate) fn bytes(&self, sender: Role) -> Vec<u8> {
        let mut payload = self.payload.to_vec();
        let key = self.key(sender);
        let mut bytes = Vec::with_capacity(payload.len() + 14);
        bytes.push(self.first);
        let mask_bit = if key.is_some() { 0x80 } else { 0 };
        self.write_length(payload.len(), mask_bit, &mut bytes);
        if let Some(key) = key {
            bytes.extend(key);
            apply(key, &mut payload);
        }
        bytes.append(&mut payload);
        bytes
    }

    fn key(&self, sender: Role) -> Option<[u8; 4]> {
        match (self.mask, sender) {
            (Mask::Due, Role::Client) | (Mask::Wrong, Role::Server) => Some(random()),
            (Mask::Due, Role::Server) | (Mask::Wrong, Role::Client) => None,
            (Mask::Key(key), _) => Some(key),
        }
    }

    fn write_length(&self, real: usize, mask_bit: u8, bytes: &mut Vec<u8>) {
        let real = real as u64;
        let (form, value) = match self.length {
            Length::Minimal => (shortest(real), real),
            Length::Sixteen => (126, real),
            Length::SixtyFour => (127, real),
            Length::Claimed(value) => (shortest(value), value),
        };
        bytes.push(mask_bit | form);
        let wide = value.to_be_bytes();
        match form {
            126 => bytes.extend(&wide[6..]),
            127 => bytes.extend(wide),
            _ => {}
        }
    }
}

/// The seven bits of the shortest form.
pub(crate) const fn shortest(length: u64) -> u8 {
    match length.to_be_bytes() {
        [0, 0, 0, 0, 0, 0, 0, short] if short < 126 => short,
        [0, 0, 0, 0, 0, 0, _, _] => 126,
        _ => 127,
    }
}

/// Masks or unmasks (RFC 6455 §5.3).
pub(crate) fn apply(key: [u8; 4], payload: &mut [u8]) {
    for (byte, mask) in payload.iter_mut().zip(key.iter().cycle()) {
        *byte ^= mask;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6455 §5.7: the examples of the RFC.
    #[test]
    fn the_examples_of_the_rfc_are_written_as_it_has_them() {
        let hello = Frame::new(opcode::TEXT, "Hello");
        assert_eq!(hello.bytes(Role::Server), b"\x81\x05Hello");
        let masked = hello.masked(Mask::Key([0x37, 0xfa, 0x21, 0x3d]));
        assert_eq!(
            masked.bytes(Role::Client),
            [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]
        );
        let long = Frame::new(opcode::BINARY, Payload::stars(65536));
        assert_eq!(long.bytes(Role::Server)[..10], [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn a_length_can_be_written_as_it_must_not_be() {
        let head = |frame: Frame| frame.bytes(Role::Server);
        let hello = || Frame::new(opcode::TEXT, "Hello");
        assert_eq!(head(hello().length(Length::Sixteen)), b"\x81\x7e\0\x05Hello");
        assert_eq!(head(hello().length(Length::SixtyFour)), b"\x81\x7f\0\0\0\0\0\0\0\x05Hello");
        assert_eq!(head(hello().length(Length::Claimed(1 << 63)))[..3], [0x81, 0x7f, 0x80]);
        assert_eq!(head(hello().length(Length::Claimed(126)))[..4], [0x81, 0x7e, 0, 126]);
    }

    #[test]
    fn bits_are_set_and_cleared() {
        let frame = Frame::new(opcode::PING, "").unfinished().reserved(RSV1 | RSV3);
        assert_eq!(frame.bytes(Role::Server), [0x59, 0]);
        assert_eq!(Frame::new(1, "").masked(Mask::Wrong).bytes(Role::Client), [0x81, 0]);
        assert_eq!(Frame::new(1, "").masked(Mask::Wrong).bytes(Role::Server)[1], 0x80);
    }
}
