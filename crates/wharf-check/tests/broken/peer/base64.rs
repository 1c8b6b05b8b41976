//! Base 64 (RFC 4648 §4), as far as a handshake needs it.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `bytes` in base 64, padded.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut three = [0; 4];
        three[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(three);
        for at in 0..4 {
            text.push(if at <= group.len() { letter(bits, at) } else { '=' });
        }
    }
    text
}

fn letter(bits: u32, at: usize) -> char {
    char::from(ALPHABET[(bits >> (18 - 6 * at) & 63) as usize])
}

/// Whether `text` is 16 bytes in base 64; unused bits may be set, as in the RFC's own sample.
pub(super) fn is_16_bytes(text: &str) -> bool {
    let Some(letters) = text.strip_suffix("==") else { return false };
    letters.len() == 22 && letters.bytes().all(|letter| ALPHABET.contains(&letter))
}

/// Whether the unused last bits of 16 bytes in base 64 are zero.
pub(super) fn is_canonical(text: &str) -> bool {
    matches!(text.as_bytes().get(21), Some(b'A' | b'Q' | b'g' | b'w'))
}
