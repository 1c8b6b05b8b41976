//! Frames as bytes, right or wrong (RFC 6455 §5.2).

/// A frame that a [`Peer`](super::Peer) sends or receives. Everything about it can be wrong.
///
/// ```
/// use wharf::testing::Frame;
///
/// assert_eq!(Frame::text("Hello").bytes(), b"\x81\x05Hello");
/// let start = Frame { fin: false, ..Frame::text("He") };
/// let rest = Frame { opcode: 0, ..Frame::text("llo") };
/// # drop((start, rest));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Whether it is the last of its message.
    pub fin: bool,
    /// RSV1 to RSV3 as a number of three bits: RSV1 is 4.
    pub rsv: u8,
    /// Four bits: 0 continues, 1 is text, 2 binary, 8 closes, 9 asks, 10 answers.
    pub opcode: u8,
    /// The masking key. A [`Peer`](super::Peer) in the client's role adds one where there is none.
    pub key: Option<[u8; 4]>,
    /// Unmasked.
    pub payload: Vec<u8>,
}

impl Frame {
    /// A whole, unmasked frame.
    pub fn new(opcode: u8, payload: impl Into<Vec<u8>>) -> Self {
        Self { fin: true, rsv: 0, opcode, key: None, payload: payload.into() }
    }

    /// A text message.
    pub fn text(text: impl Into<Vec<u8>>) -> Self {
        Self::new(1, text)
    }

    /// A binary message.
    pub fn binary(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(2, bytes)
    }

    /// A Close with a code and a reason.
    pub fn close(code: u16, reason: &str) -> Self {
        Self::new(8, [&code.to_be_bytes(), reason.as_bytes()].concat())
    }

    /// A Ping.
    pub fn ping(payload: impl Into<Vec<u8>>) -> Self {
        Self::new(9, payload)
    }

    /// A Pong.
    pub fn pong(payload: impl Into<Vec<u8>>) -> Self {
        Self::new(10, payload)
    }

    /// The code of a Close.
    pub fn close_code(&self) -> Option<u16> {
        let code = self.payload.first_chunk().filter(|_| self.opcode == 8);
        code.map(|code| u16::from_be_bytes(*code))
    }

    /// The frame on the wire.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![u8::from(self.fin) << 7 | (self.rsv & 7) << 4 | (self.opcode & 15)];
        let masked = if self.key.is_some() { 0x80 } else { 0 };
        let len = self.payload.len() as u64;
        let octets = len.to_be_bytes();
        match len {
            0..=125 => bytes.push(masked | octets[7]),
            126..=0xFFFF => bytes.extend([masked | 126, octets[6], octets[7]]),
            _ => {
                bytes.push(masked | 127);
                bytes.extend(octets);
            }
        }
        let key = self.key.unwrap_or_default();
        bytes.extend(self.key.iter().flatten());
        bytes.extend(self.payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
        bytes
    }

    /// The frame at the start of `bytes`, and how long it is; `None` if it is not all there.
    pub(crate) fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let [first, second, rest @ ..] = bytes else { return None };
        let (len, rest) = match second & 0x7F {
            126 => {
                let (len, rest) = rest.split_first_chunk()?;
                (u64::from(u16::from_be_bytes(*len)), rest)
            }
            127 => {
                let (len, rest) = rest.split_first_chunk()?;
                (u64::from_be_bytes(*len), rest)
            }
            len => (u64::from(len), rest),
        };
        let (key, rest) = match second >> 7 {
            0 => (None, rest),
            _ => rest.split_first_chunk::<4>().map(|(key, rest)| (Some(*key), rest))?,
        };
        let (payload, rest) = rest.split_at_checked(usize::try_from(len).ok()?)?;
        let mask = key.unwrap_or_default();
        let payload = payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key);
        let frame = Self {
            fin: first >> 7 == 1,
            rsv: first >> 4 & 7,
            opcode: first & 15,
            key,
            payload: payload.collect(),
        };
        Some((frame, bytes.len() - rest.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for len in [0, 125, 126, 65_535, 65_536] {
            let plain = Frame::binary(vec![7; len]);
            let masked = Frame { key: Some([1, 2, 3, 4]), rsv: 4, fin: false, ..plain.clone() };
            for frame in [plain, masked] {
                let bytes = frame.bytes();
                assert_eq!(Frame::read(&bytes[..bytes.len() - 1]), None);
                assert_eq!(Frame::read(&bytes), Some((frame, bytes.len())));
            }
        }
        assert_eq!(Frame::close(1001, "bye").close_code(), Some(1001));
        assert_eq!(Frame::text("hello").close_code(), None);
    }
}
