//! What messages hold.

use crate::{random::Random, sizes::Sizes};
use std::fmt::Write as _;
use wharf_proto::Kind;

/// What is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Payload {
    /// As text or as bytes.
    pub kind: Kind,
    /// What it looks like.
    pub content: Content,
    /// How long it is.
    pub sizes: Sizes,
}

/// What a payload looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Letters and digits at random: deflate saves a quarter.
    Random,
    /// Records of JSON, cut at the length: deflate saves most of it.
    Json,
}

/// Messages begin at so many places of the body, so that one message does not repeat the one before: the distance
/// is longer than the longest window of permessage-deflate (RFC 7692 §7.1.2).
const VARIETY: usize = 40 << 10;

/// Digits at the start of a message that say which one it is.
const STAMP: usize = 16;

/// Makes payloads.
#[derive(Debug)]
pub(crate) struct Body {
    bytes: Vec<u8>,
    scratch: Vec<u8>,
}

impl Body {
    /// Enough bytes for all payloads.
    pub(crate) fn new(payload: &Payload) -> Self {
        let len = payload.sizes.longest() + VARIETY;
        let mut random = Random::new(0x5eed);
        let mut bytes = match payload.content {
            Content::Random => letters(len, &mut random),
            Content::Json => records(len, &mut random),
        };
        bytes.truncate(len);
        Self { bytes, scratch: Vec::new() }
    }

    /// The payload of message number `number`, `len` bytes of ASCII.
    pub(crate) fn message(&mut self, number: u64, len: usize) -> &[u8] {
        self.scratch.clear();
        self.scratch.extend_from_slice(slice(&self.bytes, number, len));
        if let Some(start) = self.scratch.first_chunk_mut() {
            *start = stamp(number);
        }
        &self.scratch
    }

    /// Whether these bytes are the payload of that message.
    pub(crate) fn is_message(&self, number: u64, len: usize, bytes: &[u8]) -> bool {
        if bytes.len() != len {
            return false;
        }
        let expected = slice(&self.bytes, number, len);
        match (bytes.split_first_chunk::<STAMP>(), expected.get(STAMP..)) {
            (Some((start, rest)), Some(expected)) => *start == stamp(number) && rest == expected,
            _ => bytes == expected,
        }
    }
}

/// The number that a payload bears, if it is long enough for one.
pub(crate) fn number_of(bytes: &[u8]) -> Option<u64> {
    let digits = str::from_utf8(bytes.first_chunk::<STAMP>()?).ok()?;
    u64::from_str_radix(digits, 16).ok()
}

fn slice(bytes: &[u8], number: u64, len: usize) -> &[u8] {
    // An odd stride visits every place before it comes back.
    let start = usize::try_from(number.wrapping_mul(4_099) % VARIETY as u64).unwrap_or_default();
    &bytes[start..start + len]
}

/// The number in hexadecimal digits.
fn stamp(number: u64) -> [u8; STAMP] {
    let digit =
        |index: usize| b"0123456789abcdef"[usize::from((number >> (60 - 4 * index)) as u8 & 0xf)];
    std::array::from_fn(digit)
}

fn letters(len: usize, random: &mut Random) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = Vec::with_capacity(len + 10);
    while bytes.len() < len {
        let bits = random.next();
        bytes.extend((0..10).map(|index| ALPHABET[usize::from((bits >> (6 * index)) as u8 & 63)]));
    }
    bytes
}

fn records(len: usize, random: &mut Random) -> Vec<u8> {
    const NAMES: [&str; 8] =
        ["anchor", "berth", "crane", "dock", "ferry", "harbour", "jetty", "quay"];
    let mut text = String::with_capacity(len + 200);
    while text.len() < len {
        let (id, price, name) =
            (random.below(1_000_000), random.below(100_000), random.next() as usize % 8);
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            r#"{{"id":{id},"type":"update","name":"{}","price":{}.{:02},"active":{},"tags":["live","{}"]}},"#,
            NAMES[name],
            price / 100,
            price % 100,
            id % 3 == 0,
            NAMES[(name + 3) % 8],
        );
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{Body, Content, Payload, number_of};
    use wharf_proto::Kind;

    fn body(content: Content) -> Body {
        Body::new(&Payload { kind: Kind::Text, content, sizes: "2000".parse().unwrap() })
    }

    /// Messages are known again, and each is taken for itself only.
    #[test]
    fn a_message_is_known_by_its_number() {
        for content in [Content::Random, Content::Json] {
            let mut body = body(content);
            for (number, len) in [(0, 2000), (1, 16), (77, 17), (u64::MAX, 512)] {
                let mut message = body.message(number, len).to_vec();
                assert_eq!((message.len(), number_of(&message)), (len, Some(number)));
                assert!(message.is_ascii() && body.is_message(number, len, &message));
                assert!(!body.is_message(number.wrapping_add(1), len, &message));
                assert!(!body.is_message(number, len - 1, &message));
                message[len - 1] ^= 1;
                assert!(!body.is_message(number, len, &message));
            }
        }
    }

    /// Short messages have no number, and still their own bytes.
    #[test]
    fn short_messages_are_compared_too() {
        let mut body = body(Content::Random);
        for len in 0..16 {
            let message = body.message(3, len).to_vec();
            assert_eq!(number_of(&message), None);
            assert!(body.is_message(3, len, &message) && !body.is_message(3, len + 1, &message));
        }
        assert!(!body.is_message(3, 15, &[b' '; 15]) && !body.is_message(3, 15, &[b' '; 40]));
    }

    /// Where a context is kept, a message that repeats the last one would cost nothing.
    #[test]
    fn messages_differ_from_one_another() {
        let mut body = body(Content::Json);
        let first = body.message(0, 500).to_vec();
        assert_ne!(first[16..], body.message(1, 500)[16..]);
    }
}
