//! The masking key.

/// A masking key, as it stands on the wire: byte `i` of a payload is XORed with `key[i % 4]`.
pub type MaskKey = [u8; 4];

/// The key for the byte that stands `by` bytes further on.
// A rotation of the array itself goes through memory and costs more than masking 125 bytes.
#[inline]
pub(super) fn rotate(key: MaskKey, by: usize) -> MaskKey {
    let (word, bits) = (u32::from_le_bytes(key), 8 * (by % 4));
    ((word >> bits) | (word << ((32 - bits) % 32))).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6455 §5.3: octet `i` is masked with key octet `i MOD 4`.
    #[test]
    fn a_key_rotates_as_its_bytes_do() {
        for by in 0..9 {
            let mut expected = [1, 2, 3, 4];
            expected.rotate_left(by % 4);
            assert_eq!(rotate([1, 2, 3, 4], by), expected, "by {by}");
        }
    }
}
