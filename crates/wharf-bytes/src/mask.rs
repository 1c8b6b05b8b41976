//! Masking (RFC 6455 §5.3): XOR with a key of four bytes that repeats.

use alloc::vec::Vec;

/// A masking key, as it stands on the wire.
pub type MaskKey = [u8; 4];

/// Masks, or unmasks, `data` in place and returns the key for the byte that follows `data`.
///
/// The key comes back rotated by `data.len()`, so a payload may be masked in pieces of any length.
#[inline]
pub fn mask(key: MaskKey, data: &mut [u8]) -> MaskKey {
    let word = u64::from_ne_bytes([key[0], key[1], key[2], key[3], key[0], key[1], key[2], key[3]]);
    let mut blocks = data.chunks_exact_mut(8);
    for block in &mut blocks {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(block);
        block.copy_from_slice(&(u64::from_ne_bytes(bytes) ^ word).to_ne_bytes());
    }
    let tail = blocks.into_remainder();
    for (byte, key) in tail.iter_mut().zip(key.iter().cycle()) {
        *byte ^= key;
    }
    rotate(key, tail.len())
}

/// Appends `source`, masked with `key`, to `target`; the copy and the XOR are one pass.
#[inline]
pub fn mask_append(key: MaskKey, source: &[u8], target: &mut Vec<u8>) {
    let start = target.len();
    target.extend_from_slice(source);
    mask(key, &mut target[start..]);
}

fn rotate(mut key: MaskKey, by: usize) -> MaskKey {
    key.rotate_left(by % 4);
    key
}
