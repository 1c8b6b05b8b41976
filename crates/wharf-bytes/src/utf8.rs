//! UTF-8 that arrives in pieces (RFC 6455 §8.1).

use core::fmt;

/// The bytes are not UTF-8, and no bytes that follow can make them so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidUtf8;

impl fmt::Display for InvalidUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid UTF-8")
    }
}

impl core::error::Error for InvalidUtf8 {}

/// Checks bytes that are all there.
#[inline]
pub fn from_utf8(bytes: &[u8]) -> Result<&str, InvalidUtf8> {
    simdutf8::basic::from_utf8(bytes).map_err(|_| InvalidUtf8)
}

/// Checks a text that arrives in pieces; a code point may be cut anywhere.
#[derive(Debug, Clone, Default)]
pub struct Utf8Stream {
    /// The start of a code point whose rest has not come: legal so far.
    cut: [u8; 3],
    held: u8,
}

impl Utf8Stream {
    /// A stream at the start of a text.
    pub const fn new() -> Self {
        Self { cut: [0; 3], held: 0 }
    }

    /// Takes the next piece; fails at the first byte that no continuation can make valid.
    pub fn feed(&mut self, mut piece: &[u8]) -> Result<(), InvalidUtf8> {
        while self.held > 0 {
            let Some((&byte, rest)) = piece.split_first() else { return Ok(()) };
            piece = rest;
            self.push(byte)?;
        }
        if from_utf8(piece).is_ok() {
            return Ok(());
        }
        match core::str::from_utf8(piece) {
            Ok(_) => Ok(()),
            Err(error) if error.error_len().is_some() => Err(InvalidUtf8),
            Err(error) => {
                let rest = &piece[error.valid_up_to()..];
                self.cut[..rest.len()].copy_from_slice(rest);
                self.held = rest.len() as u8;
                Ok(())
            }
        }
    }

    /// The text is over: fails if it ends inside a code point. The stream is at its start again.
    pub fn finish(&mut self) -> Result<(), InvalidUtf8> {
        if core::mem::take(&mut self.held) == 0 { Ok(()) } else { Err(InvalidUtf8) }
    }

    fn push(&mut self, byte: u8) -> Result<(), InvalidUtf8> {
        let held = usize::from(self.held);
        let mut point = [0; 4];
        point[..held].copy_from_slice(&self.cut[..held]);
        point[held] = byte;
        match core::str::from_utf8(&point[..=held]) {
            Ok(_) => self.held = 0,
            Err(error) if error.error_len().is_some() => return Err(InvalidUtf8),
            Err(_) => {
                self.cut[held] = byte;
                self.held += 1;
            }
        }
        Ok(())
    }
}
