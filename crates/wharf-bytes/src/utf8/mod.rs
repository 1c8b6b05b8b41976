//! UTF-8 (RFC 6455 §8.1, RFC 3629).

mod ascii;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
mod faults;
mod point;
pub(crate) mod stream;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
mod x86_64;

use ascii::is_ascii;
use core::fmt;

/// Up to this length a look for ASCII comes first; beyond it `simdutf8` has one of its own.
const SHORT: usize = 128;

/// The bytes are not UTF-8, and no bytes that follow can make them so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidUtf8;

impl fmt::Display for InvalidUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is not UTF-8; bytes of any kind belong in a binary message")
    }
}

impl core::error::Error for InvalidUtf8 {}

/// Checks bytes that are all there.
///
/// Short ASCII, which most messages are, costs about as much as a copy of it.
///
/// # Errors
/// [`InvalidUtf8`] if the bytes are not UTF-8, or end inside a code point.
///
/// ```
/// assert_eq!(wharf_bytes::from_utf8(b"gr\xc3\xbcn"), Ok("grün"));
/// assert!(wharf_bytes::from_utf8(b"\xed\xa0\x80").is_err()); // a surrogate
/// ```
#[inline]
#[expect(unsafe_code, reason = "bytes that were checked need no second look")]
pub fn from_utf8(bytes: &[u8]) -> Result<&str, InvalidUtf8> {
    if (bytes.len() <= SHORT && is_ascii(bytes)) || is_utf8(bytes) {
        // SAFETY: `bytes` are ASCII, which is UTF-8, or were found to be UTF-8.
        Ok(unsafe { core::str::from_utf8_unchecked(bytes) })
    } else {
        Err(InvalidUtf8)
    }
}

/// Not inlined, so that ASCII does not carry the code for all other text along.
#[inline(never)]
#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[expect(unsafe_code, reason = "a call across target features")]
fn is_utf8(bytes: &[u8]) -> bool {
    if bytes.len() <= SHORT && std::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as was just found.
        unsafe { x86_64::is_utf8(bytes) }
    } else {
        is_utf8_anywhere(bytes)
    }
}

#[cfg(not(all(target_arch = "x86_64", feature = "std")))]
use is_utf8_anywhere as is_utf8;

/// Checks long text, and is the twin of the kernel for short text.
#[inline(never)]
fn is_utf8_anywhere(bytes: &[u8]) -> bool {
    simdutf8::basic::from_utf8(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    /// What `from_utf8` does, and both of the checks behind it.
    fn judge(bytes: &[u8]) -> [bool; 3] {
        [from_utf8(bytes).is_ok(), is_utf8(bytes), is_utf8_anywhere(bytes)]
    }

    fn judged_as_by_core(bytes: &[u8]) -> bool {
        judge(bytes) == [core::str::from_utf8(bytes).is_ok(); 3]
    }

    /// RFC 3629 §4: the rows of its table, their ends, and what stands just beyond.
    const PIECES: [&[u8]; 38] = [
        b"\x7f",
        b"\x80",
        b"\xbf",
        b"\xc0\x80",
        b"\xc1\xbf",
        b"\xc2\x80",
        b"\xc2\x7f",
        b"\xc2\xc0",
        b"\xdf\xbf",
        b"\xdf\xbf\x80",
        b"\xe0\x9f\xbf",
        b"\xe0\xa0\x80",
        b"\xe0\xbf\x7f",
        b"\xe1\x80\x80",
        b"\xe1\x80",
        b"\xec\xbf\xbf",
        b"\xed\x9f\xbf",
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xee\x80\x80",
        b"\xef\xbf\xbf",
        b"\xef\xbf\xbf\x80",
        b"\xef\xbf\xc2",
        b"\xf0\x8f\xbf\xbf",
        b"\xf0\x90\x80\x80",
        b"\xf0\x90\x80",
        b"\xf0\x90",
        b"\xf0",
        b"\xf1\x80\x80\x80",
        b"\xf1\x80\x80\x7f",
        b"\xf3\xbf\xbf\xbf",
        b"\xf3\xbf\xbf\xbf\x80",
        b"\xf4\x8f\xbf\xbf",
        b"\xf4\x90\x80\x80",
        b"\xf5\x80\x80\x80",
        b"\xf5\x90\x80\x80",
        b"\xff\xbf\xbf\xbf",
        b"\xff",
    ];

    /// RFC 3629 §4: a block's edge, a block that overlaps and the end of the text change no verdict.
    #[test]
    fn every_piece_is_judged_alike_at_every_place_of_every_length() {
        for (len, around) in
            (1..=SHORT + 40).flat_map(|len| [(len, b"a".as_slice()), (len, "ü".as_bytes())])
        {
            let plain = around.repeat(len / around.len());
            for (at, piece) in (0..plain.len()).flat_map(|at| PIECES.map(|piece| (at, piece))) {
                let mut bytes = plain.clone();
                let end = plain.len().min(at + piece.len());
                bytes[at..end].copy_from_slice(&piece[..end - at]);
                assert!(judged_as_by_core(&bytes), "{bytes:x?}");
            }
        }
    }

    /// RFC 3629 §4: the tables of the kernel, entry by entry, alone and at the edge of two blocks.
    #[test]
    fn every_two_bytes_are_judged_alike_before_every_kind_of_third() {
        for first in 0..=255 {
            for (second, third) in (0..=255).flat_map(|second| [(second, 0x80), (second, b'a')]) {
                for before in [0, 15, 30, 31, 62] {
                    let mut bytes = [b'a'; 70];
                    bytes[before..before + 4].copy_from_slice(&[first, second, third, third]);
                    assert!(
                        judged_as_by_core(&bytes[..before + 3]),
                        "{first:x} {second:x} {third:x}"
                    );
                    assert!(judged_as_by_core(&bytes), "{first:x} {second:x} {third:x}");
                }
            }
        }
    }

    /// Text in which one byte may be wrong.
    fn nearly_text() -> impl Strategy<Value = Vec<u8>> {
        let wrong = prop::option::of((any::<prop::sample::Index>(), any::<u8>()));
        ("[a-zé€😀]{1,70}", wrong).prop_map(|(text, wrong)| {
            let mut bytes = text.into_bytes();
            if let Some((at, byte)) = wrong {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes
        })
    }

    proptest! {
        /// RFC 6455 §8.1: both sides of every cut.
        #[test]
        fn both_sides_of_every_cut_are_judged_as_core_judges_them(bytes in nearly_text()) {
            for at in 0..=bytes.len() {
                prop_assert!(judged_as_by_core(&bytes[..at]), "{:x?}", &bytes[..at]);
                prop_assert!(judged_as_by_core(&bytes[at..]), "{:x?}", &bytes[at..]);
            }
        }
    }
}
