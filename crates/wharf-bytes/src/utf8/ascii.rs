//! ASCII, found fast in few bytes.

/// Whether all bytes are below 0x80. Made for few bytes: inlined, and no loop over single bytes.
///
/// Words that overlap are looked at twice, which costs less than a way of its own for the rest.
#[inline]
pub(super) fn is_ascii(bytes: &[u8]) -> bool {
    match bytes.len() {
        32.. => blocks_are_ascii(bytes),
        16.. => ends_are_ascii::<16>(bytes),
        8.. => ends_are_ascii::<8>(bytes),
        4.. => ends_are_ascii::<4>(bytes),
        _ => bytes.iter().fold(0, |seen, byte| seen | byte) < 0x80,
    }
}

/// Blocks from the start, and the last one, which may overlap the one before.
#[inline]
fn blocks_are_ascii(bytes: &[u8]) -> bool {
    let Some(last) = bytes.last_chunk::<32>() else { return false };
    let mut seen = words(last);
    for block in bytes.as_chunks::<32>().0 {
        let block = words(block);
        for (seen, word) in seen.iter_mut().zip(block) {
            *seen |= word;
        }
    }
    (seen[0] | seen[1] | seen[2] | seen[3]) & 0x8080_8080_8080_8080 == 0
}

#[inline]
fn words(block: &[u8; 32]) -> [u64; 4] {
    let words = block.as_chunks::<8>().0;
    core::array::from_fn(|at| u64::from_ne_bytes(words[at]))
}

#[inline]
fn ends_are_ascii<const N: usize>(bytes: &[u8]) -> bool {
    match (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        (Some(first), Some(last)) => high_bits(first) | high_bits(last) == 0,
        _ => false,
    }
}

/// `N` is a multiple of 4.
#[inline]
fn high_bits<const N: usize>(block: &[u8; N]) -> u32 {
    let words = block.as_chunks::<4>().0.iter();
    words.fold(0, |seen, word| seen | u32::from_ne_bytes(*word)) & 0x8080_8080
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
