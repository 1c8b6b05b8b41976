//! The checksum of the PROXY protocol, version 2 (RFC 4960 appendix B).

/// CRC32c of what the pieces hold together. Bit by bit: it is a few hundred bytes per connection, at most.
pub(super) fn crc32c<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> u32 {
    let bytes = pieces.into_iter().flatten();
    !bytes.fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| shift(crc)))
}

const fn shift(crc: u32) -> u32 {
    const POLYNOMIAL: u32 = 0x82F6_3B78;
    if crc & 1 == 1 { (crc >> 1) ^ POLYNOMIAL } else { crc >> 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value that every catalogue of checksums gives, and RFC 3720 §B.4.
    #[test]
    fn the_checksum_is_the_one_of_the_rfcs() {
        assert_eq!(crc32c([&b"123456789"[..]]), 0xE306_9283);
        assert_eq!(crc32c([&b"1234"[..], b"56789"]), 0xE306_9283);
        assert_eq!(crc32c([&[0; 32][..]]), 0x8A91_36AA);
    }
}
