//! Opcodes, with data and control told apart by type (RFC 6455 §5.2).

use crate::message::types::Kind;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpCode {
    Continuation,
    Data(Kind),
    Control(Control),
}

/// What a control frame is (RFC 6455 §5.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    Close,
    Ping,
    Pong,
}

impl OpCode {
    pub(crate) const fn is_control(self) -> bool {
        matches!(self, Self::Control(_))
    }

    /// What the low four bits of a frame's first byte mean.
    #[inline]
    pub(crate) const fn parse(bits: u8) -> Option<Self> {
        Self::BY_BITS[(bits & 0x0F) as usize]
    }

    // One look-up, where a match would be a jump for each message.
    const BY_BITS: [Option<Self>; 16] = {
        let mut meanings = [None; 16];
        meanings[0x0] = Some(Self::Continuation);
        meanings[0x1] = Some(Self::Data(Kind::Text));
        meanings[0x2] = Some(Self::Data(Kind::Binary));
        meanings[0x8] = Some(Self::Control(Control::Close));
        meanings[0x9] = Some(Self::Control(Control::Ping));
        meanings[0xA] = Some(Self::Control(Control::Pong));
        meanings
    };

    pub(crate) const fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0x0,
            Self::Data(Kind::Text) => 0x1,
            Self::Data(Kind::Binary) => 0x2,
            Self::Control(Control::Close) => 0x8,
            Self::Control(Control::Ping) => 0x9,
            Self::Control(Control::Pong) => 0xA,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_opcodes_mean_something_and_keep_their_bits() {
        let known: alloc::vec::Vec<u8> =
            (0..16).filter(|&bits| OpCode::parse(bits).is_some()).collect();
        assert_eq!(known, [0, 1, 2, 8, 9, 10]);
        for bits in known {
            assert_eq!(OpCode::parse(bits).map(OpCode::bits), Some(bits));
        }
    }
}
