//! A payload that arrives in pieces and may be text.

use crate::{
    text::Text,
    utf8::{InvalidUtf8, Utf8Stream, from_utf8},
};
use alloc::vec::Vec;
use bytes::{BufMut, Bytes, buf::UninitSlice};

/// A payload under way: bytes are appended, unmasked where they lie, and checked once.
#[derive(Debug, Default)]
pub struct PayloadBuf {
    bytes: Vec<u8>,
    /// INVARIANT: `bytes[..checked]` went through `utf8` and was not changed since.
    checked: usize,
    utf8: Utf8Stream,
}

impl PayloadBuf {
    /// An empty payload; allocates nothing.
    pub const fn new() -> Self {
        Self { bytes: Vec::new(), checked: 0, utf8: Utf8Stream::new() }
    }

    /// Appends bytes that are not checked yet.
    pub fn append(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Room for at most `limit` more bytes; the caller writes them straight from its source.
    pub fn tail(&mut self, limit: usize) -> PayloadTail<'_> {
        self.bytes.reserve(limit);
        let end = self.bytes.len() + limit;
        PayloadTail { bytes: &mut self.bytes, end }
    }

    /// The bytes from `start` on, to be unmasked. They count as unchecked from now on.
    ///
    /// # Panics
    /// If the bytes at `start` were checked already: a checked text does not change.
    pub fn unchecked_mut(&mut self, start: usize) -> &mut [u8] {
        assert!(start >= self.checked, "checked text does not change");
        &mut self.bytes[start..]
    }

    /// Checks what came since the last check; fails at the first impossible byte.
    pub fn check_utf8(&mut self) -> Result<(), InvalidUtf8> {
        let piece = &self.bytes[self.checked..];
        self.checked = self.bytes.len();
        self.utf8.feed(piece)
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether no byte has come yet.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Bytes of memory held.
    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// The payload as text, where it lies; checks what is not checked yet, and that no code point is cut.
    pub fn as_text(&mut self) -> Result<&str, InvalidUtf8> {
        self.check_utf8()?;
        self.utf8.clone().finish()?;
        from_utf8(&self.bytes)
    }

    /// The payload as it is, without a copy.
    pub fn into_bytes(self) -> Bytes {
        Bytes::from(self.bytes)
    }

    /// The payload as text; checks what is not checked yet, and that no code point is cut.
    pub fn into_text(self) -> Result<Text, InvalidUtf8> {
        Text::try_from(self.into_bytes()).map_err(|_| InvalidUtf8)
    }
}

impl From<Vec<u8>> for PayloadBuf {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, ..Self::new() }
    }
}

/// Room at the end of a [`PayloadBuf`].
#[derive(Debug)]
pub struct PayloadTail<'a> {
    bytes: &'a mut Vec<u8>,
    end: usize,
}

#[expect(unsafe_code, reason = "BufMut is an unsafe trait")]
// SAFETY: all calls go to `Vec<u8>`'s own `BufMut`, with less room than it has.
unsafe impl BufMut for PayloadTail<'_> {
    fn remaining_mut(&self) -> usize {
        self.end - self.bytes.len()
    }

    unsafe fn advance_mut(&mut self, count: usize) {
        assert!(count <= self.remaining_mut(), "more written than there was room");
        // SAFETY: the caller has written `count` bytes; checked above to be within the room.
        unsafe { self.bytes.advance_mut(count) }
    }

    fn chunk_mut(&mut self) -> &mut UninitSlice {
        let room = self.remaining_mut();
        let chunk = self.bytes.chunk_mut();
        let room = room.min(chunk.len());
        &mut chunk[..room]
    }
}
