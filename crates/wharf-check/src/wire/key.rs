//! `Sec-WebSocket-Key` and its answer (RFC 6455 §4.2.2), and other random bytes.

use base64::{Engine, prelude::BASE64_STANDARD};
use sha1_smol::Sha1;

/// RFC 6455 §1.3.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Bytes that differ each time.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has entropy");
    bytes
}

/// A key that was never sent before.
pub(crate) fn fresh_key() -> String {
    BASE64_STANDARD.encode(random::<16>())
}

/// How a server proves that it read `key`.
pub(crate) fn accept(key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(key.trim().as_bytes());
    hash.update(GUID.as_bytes());
    BASE64_STANDARD.encode(hash.digest().bytes())
}

/// Whether a client may send this key: 16 bytes in base64 (RFC 6455 §4.1).
pub(crate) fn is_key(key: &str) -> bool {
    BASE64_STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6455 §1.3. checklist 24
    #[test]
    fn the_example_of_the_rfc_is_answered_as_it_has_it() {
        assert_eq!(accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn keys_are_sixteen_bytes_and_fresh() {
        assert!(is_key(&fresh_key()));
        assert_ne!(fresh_key(), fresh_key());
        for wrong in ["", "AAAA", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ==="] {
            assert!(!is_key(wrong), "{wrong}");
        }
    }
}
