//! UTF-8 (RFC 6455 §8.1, RFC 3629).

mod ascii;
mod point;
pub(crate) mod stream;

use ascii::is_ascii;
use core::{fmt, ops::Range};

/// Up to this length a look for ASCII comes first; beyond it `simdutf8` has one of its own.
const SHORT: usize = 128;

/// What `simdutf8` checks at a time.
const VECTOR: usize = 64;

/// Fewer bytes than a [`VECTOR`] it leaves to `core`. From this length on that costs up to twice as much
/// as a whole vector of these bytes and zeros; below it, less.
const WORTH_PADDING: Range<usize> = 36..VECTOR;

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
    if bytes.len() > SHORT || !is_ascii(bytes) {
        check(bytes)?;
    }
    // SAFETY: `bytes` are ASCII, which is UTF-8, or `check` has found them to be UTF-8.
    Ok(unsafe { core::str::from_utf8_unchecked(bytes) })
}

/// Not inlined, so that ASCII does not carry the code for all other text along.
#[inline(never)]
fn check(bytes: &[u8]) -> Result<(), InvalidUtf8> {
    let checked = if cfg!(feature = "std") && WORTH_PADDING.contains(&bytes.len()) {
        simdutf8::basic::from_utf8(&padded(bytes)).is_ok()
    } else {
        simdutf8::basic::from_utf8(bytes).is_ok()
    };
    if checked { Ok(()) } else { Err(InvalidUtf8) }
}

/// `bytes`, which are fewer than [`VECTOR`], and zeros: UTF-8 exactly if `bytes` are. A code point that
/// is cut at their end stays cut, as a zero continues none.
fn padded(bytes: &[u8]) -> [u8; VECTOR] {
    let mut padded = [0; VECTOR];
    padded[..bytes.len()].copy_from_slice(bytes);
    padded
}
