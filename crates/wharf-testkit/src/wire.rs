//! Frames as a raw peer writes and reads them (RFC 6455 §5.2); shares nothing with the code under test.

/// Opcodes by name.
pub mod opcode {
    /// Continues a message.
    pub const CONTINUATION: u8 = 0x0;
    /// Starts a text message.
    pub const TEXT: u8 = 0x1;
    /// Starts a binary message.
    pub const BINARY: u8 = 0x2;
    /// Closes.
    pub const CLOSE: u8 = 0x8;
    /// Asks for a Pong.
    pub const PING: u8 = 0x9;
    /// Answers a Ping.
    pub const PONG: u8 = 0xA;
}

/// A frame; everything about it can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Whether it is the last of its message.
    pub fin: bool,
    /// RSV1 to RSV3 as a number of three bits: RSV1 is 4.
    pub rsv: u8,
    /// Four bits.
    pub opcode: u8,
    /// The masking key, if there is one.
    pub key: Option<[u8; 4]>,
    /// How the length is written.
    pub length: Length,
    /// Unmasked.
    pub payload: Vec<u8>,
}

/// How a length is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// As it must be.
    Shortest,
    /// In two bytes behind 126.
    Two,
    /// In eight bytes behind 127.
    Eight,
    /// This number, in eight bytes, whatever the payload is.
    Claimed(u64),
}

impl Frame {
    /// A whole, unmasked frame.
    pub fn new(opcode: u8, payload: impl Into<Vec<u8>>) -> Self {
        let payload = payload.into();
        Self { fin: true, rsv: 0, opcode, key: None, length: Length::Shortest, payload }
    }

    /// A text message, or its start.
    pub fn text(text: impl Into<Vec<u8>>) -> Self {
        Self::new(opcode::TEXT, text)
    }

    /// A binary message, or its start.
    pub fn binary(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(opcode::BINARY, bytes)
    }

    /// The last fragment of a message.
    pub fn continuation(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(opcode::CONTINUATION, bytes)
    }

    /// A Ping.
    pub fn ping(payload: impl Into<Vec<u8>>) -> Self {
        Self::new(opcode::PING, payload)
    }

    /// A Pong.
    pub fn pong(payload: impl Into<Vec<u8>>) -> Self {
        Self::new(opcode::PONG, payload)
    }

    /// A Close with a code.
    pub fn close(code: u16, reason: &str) -> Self {
        Self::new(opcode::CLOSE, [&code.to_be_bytes(), reason.as_bytes()].concat())
    }

    /// A Close without a payload.
    pub fn empty_close() -> Self {
        Self::new(opcode::CLOSE, [])
    }

    /// The same, and more fragments follow.
    #[must_use]
    pub fn more(self) -> Self {
        Self { fin: false, ..self }
    }

    /// The same with these reserved bits.
    #[must_use]
    pub fn rsv(self, rsv: u8) -> Self {
        Self { rsv, ..self }
    }

    /// The same, masked.
    #[must_use]
    pub fn masked(self, key: [u8; 4]) -> Self {
        Self { key: Some(key), ..self }
    }

    /// The same with its length written so.
    #[must_use]
    pub fn length(self, length: Length) -> Self {
        Self { length, ..self }
    }

    /// What a Close says: its code, and its reason as text.
    pub fn close_code(&self) -> Option<(u16, String)> {
        let (code, reason) = self.payload.split_first_chunk::<2>()?;
        Some((u16::from_be_bytes(*code), String::from_utf8_lossy(reason).into_owned()))
    }

    /// Whether it is a Close, a Ping or a Pong.
    pub const fn is_control(&self) -> bool {
        self.opcode >= 8
    }

    /// The frame on the wire.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = vec![u8::from(self.fin) << 7 | (self.rsv & 7) << 4 | (self.opcode & 15)];
        let masked = if self.key.is_some() { 0x80 } else { 0 };
        let (len, length) = match (self.length, self.payload.len() as u64) {
            (Length::Claimed(len), _) => (len, Length::Eight),
            (Length::Shortest, len @ 0..=125) => (len, Length::Shortest),
            (Length::Shortest, len @ 126..=0xFFFF) => (len, Length::Two),
            (Length::Shortest, len) => (len, Length::Eight),
            (form, len) => (len, form),
        };
        let octets = len.to_be_bytes();
        match length {
            Length::Two => out.extend([&[masked | 126], &octets[6..]].concat()),
            Length::Eight | Length::Claimed(_) => {
                out.extend([&[masked | 127], &octets[..]].concat())
            }
            Length::Shortest => out.push(masked | octets[7]),
        }
        let key = self.key.unwrap_or_default();
        out.extend(self.key.iter().flatten());
        out.extend(self.payload.iter().enumerate().map(|(at, byte)| byte ^ key[at % 4]));
        out
    }
}

/// Frames, one behind the other.
pub fn join<'a>(frames: impl IntoIterator<Item = &'a Frame>) -> Vec<u8> {
    frames.into_iter().flat_map(Frame::bytes).collect()
}

/// The frame at the start of `bytes` and the bytes that it took; `None` if it is not all there.
pub fn read_frame(bytes: &[u8]) -> Option<(Frame, usize)> {
    let [first, second, rest @ ..] = bytes else { return None };
    let (length, len, rest) = match second & 0x7F {
        126 => {
            let (len, rest) = rest.split_first_chunk()?;
            (Length::Two, u64::from(u16::from_be_bytes(*len)), rest)
        }
        127 => {
            let (len, rest) = rest.split_first_chunk()?;
            (Length::Eight, u64::from_be_bytes(*len), rest)
        }
        len => (Length::Shortest, u64::from(len), rest),
    };
    let (key, rest) = match second >> 7 {
        0 => (None, rest),
        _ => rest.split_first_chunk::<4>().map(|(key, rest)| (Some(*key), rest))?,
    };
    let (payload, rest) = rest.split_at_checked(usize::try_from(len).ok()?)?;
    let mask = key.unwrap_or_default();
    let frame = Frame {
        fin: first >> 7 == 1,
        rsv: first >> 4 & 7,
        opcode: first & 15,
        key,
        length: if is_shortest(length, len) { Length::Shortest } else { length },
        payload: payload.iter().enumerate().map(|(at, byte)| byte ^ mask[at % 4]).collect(),
    };
    Some((frame, bytes.len() - rest.len()))
}

/// All frames in `bytes`, and what is left behind the last whole one.
pub fn read_frames(bytes: &[u8]) -> (Vec<Frame>, &[u8]) {
    let (mut frames, mut rest) = (Vec::new(), bytes);
    while let Some((frame, used)) = read_frame(rest) {
        frames.push(frame);
        rest = &rest[used..];
    }
    (frames, rest)
}

const fn is_shortest(length: Length, len: u64) -> bool {
    match length {
        Length::Two => len > 125,
        Length::Eight => len > 0xFFFF,
        Length::Shortest | Length::Claimed(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6455 §5.7.
    #[test]
    fn examples_of_the_rfc_are_written() {
        let hello = Frame::text("Hello");
        assert_eq!(hello.bytes(), b"\x81\x05Hello");
        assert_eq!(
            hello.clone().masked([0x37, 0xfa, 0x21, 0x3d]).bytes(),
            [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]
        );
        assert_eq!(Frame::binary([0; 256]).bytes()[..4], [0x82, 0x7E, 0x01, 0x00]);
        assert_eq!(Frame::binary([0; 65536]).bytes()[..10], [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0]);
        assert_eq!(hello.length(Length::Two).bytes(), b"\x81\x7e\x00\x05Hello");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let frames = [
            Frame::text("he").more().rsv(4).masked([1, 2, 3, 4]),
            Frame::ping([7; 125]),
            Frame::continuation([9; 70_000]),
            Frame::close(1000, "bye").length(Length::Eight),
        ];
        let bytes = [join(&frames), vec![0x81]].concat();
        assert_eq!(read_frames(&bytes), (frames.to_vec(), &[0x81][..]));
    }
}
