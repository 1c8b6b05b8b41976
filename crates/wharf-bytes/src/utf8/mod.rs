//! UTF-8 (RFC 6455 §8.1, RFC 3629).

mod ascii;
mod point;
pub(crate) mod stream;

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
#[expect(unsafe_code, reason = "ASCII needs no second look")]
pub fn from_utf8(bytes: &[u8]) -> Result<&str, InvalidUtf8> {
    if bytes.len() <= SHORT && is_ascii(bytes) {
        // SAFETY: ASCII is UTF-8.
        return Ok(unsafe { core::str::from_utf8_unchecked(bytes) });
    }
    simdutf8::basic::from_utf8(bytes).map_err(|_| InvalidUtf8)
}
