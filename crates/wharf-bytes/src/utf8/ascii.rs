//! ASCII, found fast in few bytes.

const BLOCK: usize = 16;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Whether all bytes are below 0x80. Made for few bytes: inlined, and no loop over single bytes.
#[inline]
pub(super) fn is_ascii(bytes: &[u8]) -> bool {
    let (Some(first), Some(last)) = (bytes.first_chunk::<BLOCK>(), bytes.last_chunk::<BLOCK>())
    else {
        return is_ascii_below_16(bytes);
    };
    let middle = bytes[BLOCK..].as_chunks::<BLOCK>().0.iter();
    let seen = middle.fold(or(*first, *last), |seen, block| or(seen, *block));
    u128::from_ne_bytes(seen) & u128::from_ne_bytes([0x80; BLOCK]) == 0
}

#[inline]
fn or(one: [u8; BLOCK], other: [u8; BLOCK]) -> [u8; BLOCK] {
    (u128::from_ne_bytes(one) | u128::from_ne_bytes(other)).to_ne_bytes()
}

/// Two words that may overlap.
#[inline]
fn is_ascii_below_16(bytes: &[u8]) -> bool {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u64::from_ne_bytes(*first) | u64::from_ne_bytes(*last)) & HIGH == 0
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        u64::from(u32::from_ne_bytes(*first) | u32::from_ne_bytes(*last)) & HIGH == 0
    } else {
        bytes.iter().all(u8::is_ascii)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A high bit is seen wherever it stands, at every length the check is made for.
    #[test]
    fn one_high_bit_anywhere_is_not_ascii() {
        let mut bytes = [0x7F; 140];
        for len in 0..=bytes.len() {
            assert!(is_ascii(&bytes[..len]), "length {len}");
            for at in 0..len {
                bytes[at] = 0x80;
                assert!(!is_ascii(&bytes[..len]), "length {len}, byte {at}");
                bytes[at] = 0x7F;
            }
        }
    }
}
