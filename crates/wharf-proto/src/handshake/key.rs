//! `Sec-WebSocket-Key` and `Sec-WebSocket-Accept` (RFC 6455 §4.1, §4.2.2).

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{GeneralPurpose, GeneralPurposeConfig},
};
use core::fmt;
use http::HeaderValue;

/// What the server appends to the key (RFC 6455 §1.3).
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The RFC's own sample, `AQIDBAUGBwgJCgsMDQ4PEC==`, has bits set that base64 leaves over (§4.1, item 7).
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The nonce of one attempt to connect: 16 bytes in base64 (RFC 6455 §4.1, item 7).
///
/// It proves that the server speaks WebSocket; it is no secret and no authentication.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key([u8; 24]); // INVARIANT: base64 of 16 bytes

impl Key {
    /// The key of 16 random bytes; take fresh ones for every attempt, redirects and retries included.
    pub fn new(random: [u8; 16]) -> Self {
        Self(encode(&random))
    }

    /// A key as a client sent it, if it is base64 of 16 bytes. Bits that base64 leaves over may be set.
    pub fn parse(text: &str) -> Option<Self> {
        let text = <[u8; 24]>::try_from(text.as_bytes()).ok()?;
        let mut decoded = [0; 18];
        let length = BASE64.decode_slice(text, &mut decoded).ok()?;
        (length == 16).then_some(Self(text))
    }

    /// The key as it stands in the header.
    pub fn as_str(&self) -> &str {
        ascii(&self.0)
    }

    /// What a server answers to this key.
    pub fn accept(&self) -> Accept {
        let mut sha1 = sha1_smol::Sha1::new();
        sha1.update(&self.0);
        sha1.update(GUID);
        Accept(encode(&sha1.digest().bytes()))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// The answer to a [`Key`]: base64 of the SHA-1 of the key and a fixed text (RFC 6455 §4.2.2, item 5.4).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Accept([u8; 28]); // INVARIANT: base64

impl Accept {
    /// The answer as it stands in the header.
    pub fn as_str(&self) -> &str {
        ascii(&self.0)
    }

    /// Whether a header's value is this answer; spaces around it do not count (RFC 6455 §4.1, item 4).
    pub fn matches(&self, value: &[u8]) -> bool {
        value.trim_ascii() == self.0
    }
}

impl fmt::Debug for Accept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl From<&Key> for HeaderValue {
    fn from(key: &Key) -> Self {
        value(&key.0)
    }
}

impl From<&Accept> for HeaderValue {
    fn from(accept: &Accept) -> Self {
        value(&accept.0)
    }
}

/// Base64 of so many bytes as fill `N` characters.
fn encode<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut text = [0; N];
    let written = BASE64.encode_slice(bytes, &mut text);
    written.expect("four characters hold three bytes");
    text
}

fn ascii(base64: &[u8]) -> &str {
    core::str::from_utf8(base64).expect("base64 is ASCII")
}

fn value(base64: &[u8]) -> HeaderValue {
    HeaderValue::from_bytes(base64).expect("base64 is visible ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::format;

    /// RFC 6455 §1.3, §4.2.2, checklist 24.
    #[test]
    fn the_sample_of_the_rfc_is_answered_as_it_says() {
        let key = Key::parse("dGhlIHNhbXBsZSBub25jZQ==").unwrap();
        assert_eq!(key, Key::new(*b"the sample nonce"));
        assert_eq!(key.accept().as_str(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert!(key.accept().matches(b" s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\t"));
        assert!(!key.accept().matches(b"S3PPLMBITXAQ9KYGZZHZRBK+XOO="));
    }

    /// RFC 6455 §4.1, item 7, checklist 36: its other sample sets bits that base64 leaves over. The answer is to
    /// the text as it stands.
    #[test]
    fn a_key_with_trailing_bits_is_a_key() {
        let key = Key::parse("AQIDBAUGBwgJCgsMDQ4PEC==").unwrap();
        assert_eq!(key.as_str(), "AQIDBAUGBwgJCgsMDQ4PEC==");
        assert_ne!(key.accept(), Key::parse("AQIDBAUGBwgJCgsMDQ4PEA==").unwrap().accept());
    }

    /// RFC 6455 §4.2.1, item 5, checklist 35.
    #[test]
    fn what_is_not_sixteen_bytes_of_base64_is_no_key() {
        let wrong = [
            "",
            "dGhlIHNhbXBsZSBub25jZQ",
            "dGhlIHNhbXBsZSBub25jZQ=",
            "dGhlIHNhbXBsZSBub25jZQ= ",
            "dGhlIHNhbXBsZSBub25jZTE=",
            "dGhlIHNhbXBsZSBub25jZTEy",
            "dGhlIHNhbXBsZSBub25jZTEyMw==",
            "dGhlIHNhbXBsZSBub25j-_==",
            "dGhlIHNhbXBs\u{e9}SBub25jZQ==",
            "========================",
        ];
        for text in wrong {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }

    proptest! {
        /// RFC 6455 §4.1, item 7, checklist 13: 16 bytes in, a key of 24 characters out.
        #[test]
        fn any_sixteen_bytes_make_a_key(random: [u8; 16]) {
            let key = Key::new(random);
            prop_assert_eq!(key.as_str().len(), 24);
            prop_assert_eq!(Key::parse(key.as_str()), Some(key));
        }

        /// No text makes the reader panic.
        #[test]
        fn any_text_is_a_key_or_none(text in "\\PC{0,32}") {
            prop_assert!(Key::parse(&text).is_none_or(|key| key.as_str() == text));
        }
    }

    /// `Debug` shows the header's text.
    #[test]
    fn a_key_is_shown_as_it_stands_in_the_header() {
        let key = Key::new([0; 16]);
        assert_eq!(format!("{key:?}"), "\"AAAAAAAAAAAAAAAAAAAAAA==\"");
    }
}
