//! UTF-8 that arrives in pieces.

use super::{
    InvalidUtf8, from_utf8,
    point::{Place, split_cut},
};

/// Checks a text that arrives in pieces; a code point may be cut anywhere.
///
/// It fails at the first byte that no continuation can make valid, also inside a cut code point, as a
/// text that cannot become valid has to be refused at once (RFC 6455 §8.1).
///
/// ```
/// use wharf_bytes::Utf8Stream;
///
/// let mut text = Utf8Stream::new();
/// text.feed(b"gr\xc3")?;
/// assert!(text.is_inside_code_point());
/// text.feed(b"\xbc\xc3\x9f")?;
/// text.finish()?;
///
/// text.feed(b"\xed")?;
/// assert!(text.feed(b"\xa0").is_err()); // a surrogate, without a look at its last byte
/// # Ok::<(), wharf_bytes::InvalidUtf8>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Utf8Stream {
    place: Place,
}

impl Utf8Stream {
    /// A stream at the start of a text.
    pub const fn new() -> Self {
        Self { place: Place::Between }
    }

    /// Takes the next piece. Each byte is looked at once.
    ///
    /// # Errors
    /// [`InvalidUtf8`] if a byte cannot stand where it stands, and from then on for every piece, until
    /// [`finish`](Self::finish).
    #[inline]
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), InvalidUtf8> {
        if self.place == Place::Between { self.feed_between(piece) } else { self.resume(piece) }
    }

    /// Whether what came so far ends inside a code point.
    pub const fn is_inside_code_point(&self) -> bool {
        matches!(self.place, Place::Inside(_))
    }

    /// The text is over. The stream is at the start of the next one.
    ///
    /// # Errors
    /// [`InvalidUtf8`] if the text ends inside a code point, or has failed before.
    pub fn finish(&mut self) -> Result<(), InvalidUtf8> {
        match core::mem::take(&mut self.place) {
            Place::Between => Ok(()),
            Place::Inside(_) | Place::Broken => Err(InvalidUtf8),
        }
    }

    #[inline]
    fn feed_between(&mut self, piece: &[u8]) -> Result<(), InvalidUtf8> {
        let (whole, cut) = split_cut(piece);
        if from_utf8(whole).is_err() {
            self.place = Place::Broken;
            return Err(InvalidUtf8);
        }
        if cut.is_empty() { Ok(()) } else { self.step(cut) }
    }

    /// First the code point that was cut, then the rest.
    fn resume(&mut self, piece: &[u8]) -> Result<(), InvalidUtf8> {
        for (at, byte) in piece.iter().enumerate() {
            if self.place == Place::Between {
                return self.feed_between(&piece[at..]);
            }
            self.place = self.place.after(*byte);
        }
        self.standing()
    }

    fn step(&mut self, bytes: &[u8]) -> Result<(), InvalidUtf8> {
        self.place = bytes.iter().fold(self.place, |place, byte| place.after(*byte));
        self.standing()
    }

    fn standing(&self) -> Result<(), InvalidUtf8> {
        if self.place == Place::Broken { Err(InvalidUtf8) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{string::String, vec, vec::Vec};

    /// What core says: `Ok(true)` if complete, `Ok(false)` if cut, `Err` if impossible.
    fn by_core(bytes: &[u8]) -> Result<bool, InvalidUtf8> {
        match core::str::from_utf8(bytes) {
            Ok(_) => Ok(true),
            Err(error) if error.error_len().is_none() => Ok(false),
            Err(_) => Err(InvalidUtf8),
        }
    }

    fn by_stream(pieces: &[&[u8]]) -> Result<bool, InvalidUtf8> {
        let mut stream = Utf8Stream::new();
        pieces.iter().try_for_each(|piece| stream.feed(piece))?;
        Ok(!stream.is_inside_code_point())
    }

    /// RFC 3629 §4: every byte after every legal start of a code point, and some fourth bytes.
    #[test]
    fn every_start_of_a_code_point_is_judged_as_core_judges_it() {
        const SOME: [u8; 8] = [0x00, 0x7F, 0x80, 0x8F, 0x9F, 0xBF, 0xC2, 0xFF];
        let every: Vec<u8> = (0..=255).collect();
        let mut starts = vec![Vec::new()];
        for candidates in [&every, &every, &every, &SOME.to_vec()] {
            starts = starts.iter().flat_map(|start| extend(start, candidates)).collect();
        }
    }

    /// Judges `start` with each candidate behind it, and gives those that are still inside.
    fn extend(start: &[u8], candidates: &[u8]) -> Vec<Vec<u8>> {
        let longer = candidates.iter().map(|byte| [start, &[*byte]].concat());
        longer
            .filter(|bytes| {
                let singly: Vec<&[u8]> = bytes.chunks(1).collect();
                let verdict = by_core(bytes);
                assert_eq!(by_stream(&[bytes]), verdict, "{bytes:x?}");
                assert_eq!(by_stream(&singly), verdict, "{bytes:x?}");
                verdict == Ok(false)
            })
            .collect()
    }

    /// RFC 6455 §8.1; checklist 69: it fails fast, wherever the text is cut.
    #[test]
    fn the_first_impossible_byte_fails_also_inside_a_cut_code_point() {
        let impossible: [&[u8]; 8] =
            [b"\xc0", b"\xc1", b"\xf5", b"\xff", b"\x80", b"\xe0\x80", b"\xed\xa0", b"\xf4\x90"];
        for bytes in impossible {
            let mut stream = Utf8Stream::new();
            let (last, before) = bytes.split_last().unwrap();
            assert_eq!(stream.feed(before), Ok(()), "{bytes:x?}");
            assert_eq!(stream.feed(&[*last]), Err(InvalidUtf8), "{bytes:x?}");
        }
    }

    /// A failure stays until the text is over; then the next text starts afresh.
    #[test]
    fn a_broken_stream_stays_broken_until_it_is_finished() {
        let mut stream = Utf8Stream::new();
        assert!(stream.feed(b"\xff").is_err());
        assert!(stream.feed(b"").is_err());
        assert!(stream.feed(b"fine").is_err());
        assert!(stream.finish().is_err());
        assert_eq!(stream.feed(b"fine").and_then(|()| stream.finish()), Ok(()));
    }

    /// RFC 6455 §8.1: a text that ends inside a code point is not valid.
    #[test]
    fn a_text_that_ends_inside_a_code_point_fails_when_it_is_over() {
        let mut stream = Utf8Stream::new();
        assert_eq!(stream.feed("grü".as_bytes().split_last().unwrap().1), Ok(()));
        assert_eq!(stream.finish(), Err(InvalidUtf8));
        assert!(!stream.is_inside_code_point());
    }

    /// Text with code points of all lengths, in which one byte may be wrong.
    fn nearly_text() -> impl Strategy<Value = Vec<u8>> {
        let text = prop_oneof!["[a-z]{0,150}", "[a-zé€😀]{0,100}", any::<String>()];
        let wrong = prop::option::of((any::<prop::sample::Index>(), any::<u8>()));
        (text, wrong).prop_map(|(text, wrong)| {
            let mut bytes = text.into_bytes();
            if let (Some((at, byte)), false) = (wrong, bytes.is_empty()) {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes
        })
    }

    proptest! {
        /// RFC 6455 §8.1: where the pieces are cut does not matter.
        #[test]
        fn every_split_in_two_is_judged_as_the_whole(bytes in nearly_text()) {
            for at in 0..=bytes.len() {
                let (one, two) = bytes.split_at(at);
                prop_assert_eq!(by_stream(&[one, two]), by_core(&bytes));
                prop_assert_eq!(by_stream(&[one]), by_core(one));
            }
        }

        /// RFC 6455 §8.1: also for many pieces, some of them empty.
        #[test]
        fn pieces_of_any_length_are_judged_as_the_whole(bytes in nearly_text(), len in 1..9_usize) {
            let mut pieces: Vec<&[u8]> = bytes.chunks(len).collect();
            pieces.insert(pieces.len() / 2, b"");
            prop_assert_eq!(by_stream(&pieces), by_core(&bytes));
        }

        /// The whole check agrees with core's.
        #[test]
        fn bytes_that_are_all_there_are_judged_as_core_judges_them(bytes in nearly_text()) {
            let expected = core::str::from_utf8(&bytes).map_err(|_| InvalidUtf8);
            prop_assert_eq!(from_utf8(&bytes), expected);
        }
    }
}
