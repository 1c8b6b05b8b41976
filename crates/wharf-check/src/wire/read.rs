//! A reader of frames that takes whatever comes and remembers what was odd about it.

use super::frame::{apply, shortest};

/// The longest frame that is waited for; no case asks for more.
const LONGEST: u64 = 64 << 20;

/// A frame that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    /// The first byte: FIN, reserved bits, opcode.
    pub(crate) first: u8,
    /// The key, if it was masked.
    pub(crate) key: Option<[u8; 4]>,
    /// Whether the length stood in its shortest form.
    pub(crate) form: Form,
    /// The payload, unmasked.
    pub(crate) payload: Vec<u8>,
    /// The header as it came.
    pub(crate) header: Vec<u8>,
}

/// How a length was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As it must be.
    Shortest,
    /// In more bits than needed.
    Longer,
}

impl Received {
    /// Four bits.
    pub(crate) const fn opcode(&self) -> u8 {
        self.first & 0xf
    }

    /// The reserved bits, where they stand.
    pub(crate) const fn reserved(&self) -> u8 {
        self.first & 0x70
    }

    /// Whether the message ends with it.
    pub(crate) const fn is_final(&self) -> bool {
        self.first & 0x80 != 0
    }

    /// Whether it is a control frame.
    pub(crate) const fn is_control(&self) -> bool {
        self.first & 0x8 != 0
    }
}

/// A length that nobody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong(pub(crate) u64);

/// Frames out of bytes.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    bytes: Vec<u8>,
    at: usize,
}

impl Reader {
    /// More bytes came.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.at == self.bytes.len() {
            self.bytes.clear();
            self.at = 0;
        }
        self.bytes.extend(bytes);
    }

    /// The next frame that is here whole.
    pub(crate) fn next(&mut self) -> Result<Option<Received>, TooLong> {
        let rest = &self.bytes[self.at..];
        let Some(head) = Head::parse(rest) else { return Ok(None) };
        if head.length > LONGEST {
            return Err(TooLong(head.length));
        }
        let length = usize::try_from(head.length).expect("at most LONGEST");
        let end = head.size + length;
        let Some(payload) = rest.get(head.size..end) else { return Ok(None) };
        let mut payload = payload.to_vec();
        if let Some(key) = head.key {
            apply(key, &mut payload);
        }
        let header = rest[..head.size].to_vec();
        self.at += end;
        Ok(Some(Received { first: header[0], key: head.key, form: head.form, payload, header }))
    }

    /// Bytes that are no whole frame yet.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }
}

/// What a header says.
struct Head {
    length: u64,
    form: Form,
    key: Option<[u8; 4]>,
    size: usize,
}

impl Head {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let short = bytes.get(1)? & 0x7f;
        let (length, mut size) = match short {
            126 => (u64::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?)), 4),
            127 => (u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?), 10),
            _ => (u64::from(short), 2),
        };
        let form = if shortest(length) == short { Form::Shortest } else { Form::Longer };
        let mut key = None;
        if bytes[1] & 0x80 != 0 {
            key = Some(*bytes.get(size..)?.first_chunk()?);
            size += 4;
        }
        Some(Self { length, form, key, size })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{
        frame::{Frame, Length, Mask, RSV1},
        role::Role,
    };

    /// Whatever is written is read back, at every cut.
    #[test]
    fn frames_are_read_back_at_every_cut() {
        let frames = [
            Frame::new(1, "Hello"),
            Frame::new(9, "").reserved(RSV1),
            Frame::new(2, &[7; 300]).masked(Mask::Key([1, 2, 3, 4])),
        ];
        let bytes: Vec<u8> = frames.iter().flat_map(|frame| frame.bytes(Role::Server)).collect();
        for cut in 0..bytes.len() {
            let mut reader = Reader::default();
            let mut seen = Vec::new();
            for part in [&bytes[..cut], &bytes[cut..]] {
                reader.push(part);
                while let Ok(Some(frame)) = reader.next() {
                    seen.push((frame.first, frame.payload));
                }
            }
            let sent = frames.iter().map(|frame| (frame.first_byte(), frame.payload().to_vec()));
            assert!(seen.into_iter().eq(sent), "cut at {cut}");
            assert_eq!(reader.rest(), b"");
        }
    }

    #[test]
    fn oddities_are_remembered() {
        let mut reader = Reader::default();
        reader.push(&Frame::new(1, "Hello").length(Length::Sixteen).bytes(Role::Server));
        reader.push(&Frame::new(2, "").bytes(Role::Client));
        assert_eq!(reader.next().unwrap().unwrap().form, Form::Longer);
        assert!(reader.next().unwrap().unwrap().key.is_some());
        reader.push(&Frame::new(2, "").length(Length::Claimed(1 << 62)).bytes(Role::Server));
        assert_eq!(reader.next(), Err(TooLong(1 << 62)));
    }
}
