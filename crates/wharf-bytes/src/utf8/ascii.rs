//! ASCII, found fast in few bytes.

/// Whether all bytes are below 0x80. Made for few bytes: inlined, and no loop over single bytes.
#[inline]
pub(super) fn is_ascii(bytes: &[u8]) -> bool {
    let (blocks, rest) = bytes.as_chunks::<32>();
    blocks.iter().fold(0, |seen, block| seen | high_bits(block)) == 0 && is_ascii_below_32(rest)
}

/// Looks at two words that may overlap, of the largest size that fits.
#[inline]
fn is_ascii_below_32(bytes: &[u8]) -> bool {
    match bytes.len() {
        16.. => ends_are_ascii::<16>(bytes),
        8.. => ends_are_ascii::<8>(bytes),
        4.. => ends_are_ascii::<4>(bytes),
        _ => bytes.iter().fold(0, |seen, byte| seen | byte) < 0x80,
    }
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
