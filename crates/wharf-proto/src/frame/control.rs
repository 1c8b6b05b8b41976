//! Control frames (RFC 6455 §5.5).

use super::{
    header::FrameHeader,
    opcode::{Control, OpCode},
};
use crate::{
    close::{CloseCode, CloseReason},
    error::{ControlTooLong, Misdeed, ProtocolError},
};
use core::ops::Deref;
use wharf_bytes::{MaskKey, from_utf8, mask};

/// The payload of a control frame: at most 125 bytes, held inline.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ControlPayload {
    bytes: [u8; Self::MAX],
    len: u8, // INVARIANT: at most MAX
}

impl ControlPayload {
    /// RFC 6455 §5.5.
    pub const MAX: usize = 125;

    /// No bytes.
    pub const EMPTY: Self = Self { bytes: [0; Self::MAX], len: 0 };

    /// A copy of `bytes`, if a control frame can carry them.
    #[expect(clippy::cast_possible_truncation, reason = "compared with MAX")]
    pub fn new(bytes: &[u8]) -> Result<Self, ControlTooLong> {
        if bytes.len() > Self::MAX {
            return Err(ControlTooLong(bytes.len()));
        }
        let mut payload = Self::EMPTY;
        payload.bytes[..bytes.len()].copy_from_slice(bytes);
        payload.len = bytes.len() as u8;
        Ok(payload)
    }

    /// RFC 6455 §5.5.1: the code in network order, then the text.
    pub(crate) fn of_close(reason: Option<&CloseReason>) -> Self {
        let mut payload = Self::EMPTY;
        if let Some(reason) = reason {
            payload.extend(&reason.code().get().to_be_bytes());
            payload.extend(reason.text().as_bytes());
        }
        payload
    }

    /// Takes as much of `bytes` as fits, and returns how much that was.
    #[expect(clippy::cast_possible_truncation, reason = "the sum is at most MAX")]
    pub(crate) fn extend(&mut self, bytes: &[u8]) -> usize {
        let len = usize::from(self.len);
        let taken = bytes.len().min(Self::MAX - len);
        self.bytes[len..len + taken].copy_from_slice(&bytes[..taken]);
        self.len += taken as u8;
        taken
    }
}

impl Deref for ControlPayload {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl core::fmt::Debug for ControlPayload {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "ControlPayload({:02x?})", &**self)
    }
}

/// Reads the payload of a Close frame (RFC 6455 §5.5.1, §7.4).
pub(crate) fn parse_close(payload: &[u8]) -> Result<Option<CloseReason>, ProtocolError> {
    let (code, text) = match payload {
        [] => return Ok(None),
        [_] => return Err(Misdeed::CloseOneByte.into()),
        [high, low, text @ ..] => (u16::from_be_bytes([*high, *low]), text),
    };
    let code = CloseCode::new(code).ok_or(Misdeed::CloseCode(code))?;
    // RFC 6455 §8.1 asks the same of the reason as of a text message.
    let text = from_utf8(text).map_err(|_| ProtocolError::NotUtf8)?;
    Ok(Some(CloseReason::truncated(code, text)))
}

/// A control frame as it goes over the wire.
#[derive(Debug, Clone)]
pub(crate) struct ControlFrame {
    bytes: [u8; Self::MAX],
    len: u8,
}

impl ControlFrame {
    const MAX: usize = 2 + 4 + ControlPayload::MAX;

    #[expect(clippy::cast_possible_truncation, reason = "a control frame has at most 131 bytes")]
    pub(crate) fn new(kind: Control, payload: &ControlPayload, key: Option<MaskKey>) -> Self {
        let len = payload.len() as u64;
        let header = FrameHeader { fin: true, rsv: 0, opcode: OpCode::Control(kind), key, len };
        let mut head = [0; FrameHeader::MAX];
        let start = header.write(&mut head);
        let end = start + payload.len();
        let mut bytes = [0; Self::MAX];
        bytes[..start].copy_from_slice(&head[..start]);
        bytes[start..end].copy_from_slice(payload);
        mask(key.unwrap_or_default(), &mut bytes[start..end]);
        Self { bytes, len: end as u8 }
    }
}

impl Deref for ControlFrame {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;

    /// RFC 6455 §5.5.1; checklist 78.
    #[test]
    fn a_close_of_one_byte_is_refused() {
        assert_eq!(parse_close(&[3]), Err(Misdeed::CloseOneByte.into()));
        assert_eq!(parse_close(&[]), Ok(None));
    }

    /// RFC 6455 §7.4; checklist 79 and 80: the same codes are taken from a frame and can be put into one.
    #[test]
    fn only_codes_of_the_wire_are_taken() {
        for code in 0..=u16::MAX {
            let valid = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
            let expected = if valid { Ok(code) } else { Err(Misdeed::CloseCode(code).into()) };
            assert_eq!(
                parse_close(&code.to_be_bytes()).map(|reason| reason.unwrap().code().get()),
                expected
            );
        }
    }

    /// RFC 6455 §8.1; checklist 70.
    #[test]
    fn a_reason_that_is_not_utf8_is_refused() {
        assert_eq!(
            parse_close(&hex!("03e8 ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80")),
            Err(ProtocolError::NotUtf8)
        );
    }

    /// RFC 6455 §5.7: "a masked Pong frame with a body of Hello".
    #[test]
    fn frames_of_the_rfc_are_written() {
        let hello = ControlPayload::new(b"Hello").unwrap();
        let pong = ControlFrame::new(Control::Pong, &hello, Some(hex!("37 fa 21 3d")));
        assert_eq!(*pong, hex!("8a 85 37 fa 21 3d 7f 9f 4d 51 58"));
        assert_eq!(*ControlFrame::new(Control::Ping, &hello, None), hex!("89 05 48 65 6c 6c 6f"));
    }

    /// RFC 6455 §5.5; checklist 66: what does not fit cannot be made.
    #[test]
    fn payloads_have_at_most_125_bytes() {
        assert!(ControlPayload::new(&[0; 125]).is_ok());
        assert_eq!(ControlPayload::new(&[0; 126]), Err(ControlTooLong(126)));
    }
}
