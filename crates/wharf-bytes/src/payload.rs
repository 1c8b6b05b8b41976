//! A payload that arrives in pieces and may be text.

use crate::{
    text::Text,
    utf8::{InvalidUtf8, stream::Utf8Stream},
};
use alloc::vec::Vec;
use bytes::{BufMut, Bytes, buf::UninitSlice};

/// A payload under way: bytes are appended, unmasked where they lie, and checked once.
///
/// Memory follows what has come: the payload at most doubles its memory, and a
/// [`tail`](Self::tail) adds what its caller asks for.
///
/// ```
/// use wharf_bytes::PayloadBuf;
///
/// let mut payload = PayloadBuf::new();
/// payload.append(b"gr\xc3");
/// payload.check_utf8()?; // the code point is cut, and legal so far
/// payload.append(b"\xbcn");
/// assert_eq!(payload.into_text()?, "grün");
/// # Ok::<(), wharf_bytes::InvalidUtf8>(())
/// ```
#[derive(Debug, Default)]
pub struct PayloadBuf {
    bytes: Vec<u8>,
    /// INVARIANT: `utf8` was fed exactly `bytes[..checked]`, which do not change any more.
    checked: usize,
    utf8: Utf8Stream,
}

impl PayloadBuf {
    /// An empty payload; allocates nothing.
    pub const fn new() -> Self {
        Self { bytes: Vec::new(), checked: 0, utf8: Utf8Stream::new() }
    }

    /// An empty payload with room for `capacity` bytes.
    ///
    /// For a length that is known for sure; one that a peer merely announces must reserve nothing.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { bytes: Vec::with_capacity(capacity), ..Self::new() }
    }

    /// Appends bytes that are not checked yet.
    #[inline]
    pub fn append(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Room for at most `limit` more bytes; the caller writes them straight from its source.
    ///
    /// If there is less room, it grows to `limit`, or by half of the payload if that is more: so many
    /// small tails together copy no more than a few times what came.
    ///
    /// # Panics
    /// If the payload were to grow beyond `isize::MAX` bytes.
    #[inline]
    pub fn tail(&mut self, limit: usize) -> PayloadTail<'_> {
        if self.bytes.capacity() - self.bytes.len() < limit {
            self.bytes.reserve_exact(limit.max(self.bytes.len() / 2));
        }
        let end = self.bytes.len() + limit;
        PayloadTail { bytes: &mut self.bytes, end }
    }

    /// The bytes from `start` on, to be unmasked.
    ///
    /// # Panics
    /// If the byte at `start` was checked already, as a checked text does not change, or lies beyond
    /// the end.
    #[inline]
    pub fn unchecked_mut(&mut self, start: usize) -> &mut [u8] {
        assert!(start >= self.checked, "checked text does not change");
        &mut self.bytes[start..]
    }

    /// Checks what came since the last check.
    ///
    /// # Errors
    /// [`InvalidUtf8`] at the first byte that nothing which follows can make valid, and from then on,
    /// until [`clear`](Self::clear).
    #[inline]
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

    /// The payload as text, where it lies.
    ///
    /// Only what is not checked yet is looked at.
    ///
    /// # Errors
    /// [`InvalidUtf8`] as [`check_utf8`](Self::check_utf8), or if the payload ends inside a code point,
    /// which more bytes may heal.
    #[expect(unsafe_code, reason = "what was checked on arrival is not checked again")]
    pub fn as_text(&mut self) -> Result<&str, InvalidUtf8> {
        self.check_whole()?;
        // SAFETY: `check_whole` has just found all of `bytes` to be UTF-8.
        Ok(unsafe { core::str::from_utf8_unchecked(&self.bytes) })
    }

    /// The payload as it is.
    ///
    /// Without a copy, unless more than half of the memory held is empty: then the rest is given back.
    pub fn into_bytes(mut self) -> Bytes {
        if self.bytes.capacity() / 2 > self.bytes.len() {
            self.bytes.shrink_to_fit();
        }
        Bytes::from(self.bytes)
    }

    /// The payload as text, as [`into_bytes`](Self::into_bytes) gives it.
    ///
    /// Only what is not checked yet is looked at.
    ///
    /// # Errors
    /// As [`as_text`](Self::as_text).
    #[expect(unsafe_code, reason = "what was checked on arrival is not checked again")]
    pub fn into_text(mut self) -> Result<Text, InvalidUtf8> {
        self.check_whole()?;
        // SAFETY: `check_whole` has just found all of `bytes` to be UTF-8.
        Ok(unsafe { Text::from_utf8_unchecked(self.into_bytes()) })
    }

    /// Forgets the payload and what was found about it, and keeps the memory for the next one.
    ///
    /// Memory is given back by dropping the payload, or by `core::mem::take`.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.checked = 0;
        self.utf8 = Utf8Stream::new();
    }

    /// `Ok` if, and only if, all of `bytes` are UTF-8: by the INVARIANT the stream has seen them all once
    /// `check_utf8` is through, and it is not broken, and not inside a code point.
    fn check_whole(&mut self) -> Result<(), InvalidUtf8> {
        self.check_utf8()?;
        if self.utf8.is_inside_code_point() { Err(InvalidUtf8) } else { Ok(()) }
    }
}

/// Copies nothing; nothing is checked yet.
impl From<Vec<u8>> for PayloadBuf {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, ..Self::new() }
    }
}

/// Room at the end of a [`PayloadBuf`]; what is written to it belongs to the payload at once.
#[derive(Debug)]
pub struct PayloadTail<'a> {
    bytes: &'a mut Vec<u8>,
    /// INVARIANT: `bytes.len() <= end <= bytes.capacity()`.
    end: usize,
}

#[expect(unsafe_code, reason = "BufMut is an unsafe trait")]
// SAFETY: `chunk_mut` gives the free memory of the `Vec` that starts where its bytes end, all that
// `remaining_mut` speaks of, and `advance_mut` goes no further.
unsafe impl BufMut for PayloadTail<'_> {
    #[inline]
    fn remaining_mut(&self) -> usize {
        self.end - self.bytes.len()
    }

    #[inline]
    unsafe fn advance_mut(&mut self, count: usize) {
        assert!(count <= self.remaining_mut(), "more written than there was room");
        // SAFETY: within the capacity, by the INVARIANT; the caller has written `count` bytes.
        unsafe { self.bytes.set_len(self.bytes.len() + count) }
    }

    #[inline]
    fn chunk_mut(&mut self) -> &mut UninitSlice {
        let room = self.remaining_mut();
        UninitSlice::uninit(&mut self.bytes.spare_capacity_mut()[..room])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec;

    fn checked(pieces: &[&[u8]]) -> Result<PayloadBuf, InvalidUtf8> {
        let mut payload = PayloadBuf::new();
        pieces.iter().try_for_each(|piece| {
            payload.append(piece);
            payload.check_utf8()
        })?;
        Ok(payload)
    }

    /// RFC 6455 §5.6: a code point may be cut between fragments.
    #[test]
    fn a_text_may_be_cut_inside_a_code_point() {
        let mut payload = checked(&[b"\xf0\x9f", b"\x98", b"\x80!"]).unwrap();
        assert_eq!(payload.as_text(), Ok("😀!"));
        assert_eq!(payload.into_text(), Ok(Text::from("😀!")));
    }

    /// RFC 6455 §8.1; checklist 68: invalid text is never handed out, whatever follows.
    #[test]
    fn a_payload_that_failed_once_is_never_text() {
        let mut payload = PayloadBuf::new();
        payload.append(b"\xed\xa0");
        assert!(payload.check_utf8().is_err());
        payload.append(b"fine");
        assert!(payload.check_utf8().is_err());
        assert!(payload.as_text().is_err());
        assert!(payload.into_text().is_err());
    }

    /// RFC 6455 §8.1: a text that ends inside a code point is refused, and may still go on.
    #[test]
    fn a_payload_that_ends_inside_a_code_point_is_not_text_until_the_rest_comes() {
        let mut payload = checked(&[b"gr\xc3"]).unwrap();
        assert_eq!(payload.as_text(), Err(InvalidUtf8));
        payload.append(b"\xbc");
        assert_eq!(payload.as_text(), Ok("grü"));
        payload.append(b"\xc3");
        assert!(payload.into_text().is_err());
    }

    /// What was not checked on arrival is checked when text is asked for.
    #[test]
    fn unchecked_bytes_are_checked_when_text_is_asked_for() {
        assert_eq!(PayloadBuf::from(b"gr\xc3\xbc".to_vec()).into_text(), Ok(Text::from("grü")));
        assert!(PayloadBuf::from(b"gr\xfc".to_vec()).into_text().is_err());
        assert!(PayloadBuf::from(b"gr\xfc".to_vec()).as_text().is_err());
    }

    /// A cleared payload starts afresh in the same memory.
    #[test]
    fn clearing_forgets_the_bytes_and_the_verdict_and_keeps_the_memory() {
        let mut payload = PayloadBuf::with_capacity(64);
        payload.append(b"\xff");
        assert!(payload.check_utf8().is_err());
        payload.clear();
        assert!(payload.is_empty());
        assert_eq!(payload.capacity(), 64);
        payload.append(b"\xffine");
        assert_eq!(payload.as_text(), Err(InvalidUtf8), "what was checked before says nothing now");
        payload.clear();
        payload.append(b"fine");
        assert_eq!(payload.as_text(), Ok("fine"));
    }

    /// RFC 6455 §5.3: bytes are unmasked where they lie, before they are checked.
    #[test]
    fn bytes_are_unmasked_where_they_lie() {
        let mut payload = checked(&[b"grau, "]).unwrap();
        let start = payload.len();
        payload.append(b"\x7f\x9f\x4d\x51\x58");
        crate::mask::mask([0x37, 0xfa, 0x21, 0x3d], payload.unchecked_mut(start));
        assert_eq!(payload.as_text(), Ok("grau, Hello"));
    }

    /// What was checked cannot be changed behind the check's back.
    #[test]
    #[should_panic(expected = "checked text does not change")]
    fn checked_bytes_are_not_handed_out_to_be_changed() {
        checked(&[b"grau"]).unwrap().unchecked_mut(3);
    }

    /// A tail takes what it was made for, and not a byte more.
    #[test]
    fn a_tail_has_exactly_the_room_that_was_asked_for() {
        let mut payload = PayloadBuf::with_capacity(100);
        let mut tail = payload.tail(5);
        assert_eq!((tail.remaining_mut(), tail.chunk_mut().len()), (5, 5));
        tail.put_slice(b"grau");
        assert_eq!((tail.remaining_mut(), tail.chunk_mut().len()), (1, 1));
        tail.put_u8(b'!');
        assert_eq!((tail.remaining_mut(), tail.chunk_mut().len()), (0, 0));
        assert_eq!(payload.as_text(), Ok("grau!"));
        assert_eq!(payload.capacity(), 100);
    }

    /// A full tail of a full payload does not make it grow.
    #[test]
    fn an_empty_tail_reserves_nothing() {
        let mut payload = PayloadBuf::new();
        assert_eq!(payload.tail(0).chunk_mut().len(), 0);
        assert_eq!(payload.capacity(), 0);
    }

    /// A length in a header reserves nothing: memory follows the bytes that came.
    #[test]
    fn memory_is_at_most_twice_what_came() {
        let mut appended = PayloadBuf::new();
        let mut tailed = PayloadBuf::new();
        for step in [1, 7, 100, 125, 1_000] {
            for _ in 0..300 {
                appended.append(&vec![b'a'; step]);
                tailed.tail(step).put_bytes(b'a', step);
                assert!(appended.capacity() <= 2 * appended.len() + 256);
                assert!(tailed.capacity() <= 2 * tailed.len() + 256);
            }
        }
        assert_eq!(appended.as_slice(), tailed.as_slice());
    }

    /// Many small tails must not copy the payload once each.
    #[test]
    fn small_tails_seldom_move_the_payload() {
        let mut payload = PayloadBuf::new();
        let mut grown = 0;
        for _ in 0..10_000 {
            let before = payload.capacity();
            payload.tail(10).put_bytes(b'a', 10);
            grown += usize::from(payload.capacity() != before);
        }
        assert!(grown < 40, "{grown} times");
    }

    /// A small message never pins a large buffer.
    #[test]
    fn memory_far_larger_than_the_payload_is_given_back() {
        let mut payload = PayloadBuf::with_capacity(100_000);
        payload.append(b"small");
        let bytes = payload.into_bytes();
        assert_eq!(bytes, b"small"[..]);
        assert!(Vec::from(bytes).capacity() < 100);
    }

    /// A payload that fills most of its memory is not copied.
    #[test]
    fn a_payload_that_fills_its_memory_is_handed_over_as_it_is() {
        let mut payload = PayloadBuf::with_capacity(100);
        payload.append(&[b'a'; 60]);
        let place = payload.as_slice().as_ptr();
        let bytes = Vec::from(payload.into_text().unwrap());
        assert_eq!((bytes.as_ptr(), bytes.capacity()), (place, 100));
    }

    proptest! {
        /// RFC 6455 §8.1: text comes out if, and only if, it is UTF-8, however it came and was checked.
        #[test]
        fn what_comes_out_is_text_exactly_if_it_is_utf8(
            pieces in prop::collection::vec(
                prop_oneof![
                    any::<std::string::String>().prop_map(std::string::String::into_bytes),
                    prop::collection::vec(any::<u8>(), 0..4),
                    Just(b"\xf0\x9f".to_vec()),
                    Just(b"\x98\x80".to_vec()),
                ],
                0..6,
            ),
            checks: u8,
        ) {
            let mut payload = PayloadBuf::new();
            for (at, piece) in pieces.iter().enumerate() {
                if checks & (1 << at) == 0 {
                    payload.append(piece);
                } else {
                    payload.tail(piece.len()).put_slice(piece);
                    // A failure shows again below, which is what is tested.
                    let _ = payload.check_utf8();
                }
            }
            let all = pieces.concat();
            let expected = core::str::from_utf8(&all).map_err(|_| InvalidUtf8);
            prop_assert_eq!(payload.as_slice(), &all[..]);
            prop_assert_eq!(payload.as_text(), expected);
            prop_assert_eq!(payload.into_text(), expected.map(Text::from));
        }
    }
}
