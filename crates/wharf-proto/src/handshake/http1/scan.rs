//! Finds the end of a head while its bytes arrive, and refuses at once what no parser should have to see.

use super::error::{HeadError, HeadLimit, Malformed};
use crate::handshake::limits::HandshakeLimits;

/// No byte is looked at more than twice: the work is linear however the bytes are cut.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    place: Place,
    head: usize,
    line: usize,
    lines: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    LineStart,
    InLine,
    LineFeed,
    LastLineFeed,
    End,
}

impl Scan {
    pub(crate) const fn new() -> Self {
        Self { place: Place::LineStart, head: 0, line: 0, lines: 0 }
    }

    /// How many of `bytes` belong to the head, if its end is among them.
    pub(crate) fn find_end(
        &mut self,
        bytes: &[u8],
        limits: &HandshakeLimits,
    ) -> Result<Option<usize>, HeadError> {
        let mut index = 0;
        while let Some(rest) = bytes.get(index..).filter(|rest| !rest.is_empty()) {
            let run = self.run(rest, limits);
            let rest = rest.get(run..).unwrap_or_default();
            index += run + self.steps(rest)?;
            self.check(limits)?;
            if self.place == Place::End {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    /// Passes the bytes that only make a line longer, as far as the limits go; returns how many.
    fn run(&mut self, bytes: &[u8], limits: &HandshakeLimits) -> usize {
        let begins =
            self.place == Place::LineStart && bytes.first().is_some_and(|&byte| byte > b' ');
        if self.place != Place::InLine && !begins {
            return 0;
        }
        let room = limits.line.saturating_sub(self.line).min(limits.head.saturating_sub(self.head));
        let run = plain(&bytes[..room.min(bytes.len())]);
        self.line += run;
        self.head += run;
        if run > 0 {
            self.place = Place::InLine;
        }
        run
    }

    /// Steps over the next byte, or over a whole end of a line at once; returns how many bytes that was.
    fn steps(&mut self, bytes: &[u8]) -> Result<usize, Malformed> {
        match bytes {
            [b'\r', b'\n', ..] if self.place == Place::InLine => {
                self.head += 2;
                self.place = self.end_line();
                Ok(2)
            }
            [byte, ..] => self.step(*byte).map(|()| 1),
            [] => Ok(0),
        }
    }

    /// Bytes of the head so far.
    pub(crate) const fn seen(&self) -> usize {
        self.head
    }

    /// Lines after the first.
    pub(crate) const fn headers(&self) -> usize {
        self.lines.saturating_sub(1)
    }

    /// Another head follows on the same connection; its bytes count towards the same limit.
    pub(crate) const fn restart(&mut self) {
        *self = Self { head: self.head, ..Self::new() };
    }

    fn step(&mut self, byte: u8) -> Result<(), Malformed> {
        self.head += 1;
        self.place = match (self.place, byte) {
            (Place::InLine, b'\r') => Place::LineFeed,
            (Place::LineStart, b'\r') if self.lines > 0 => Place::LastLineFeed,
            (Place::LineFeed, b'\n') => self.end_line(),
            (Place::LastLineFeed, b'\n') => Place::End,
            (Place::LineFeed | Place::LastLineFeed, _) => {
                return Err(Malformed::BareCarriageReturn);
            }
            (_, b'\n') => return Err(Malformed::BareLineFeed),
            (Place::LineStart, b'\r') => return Err(Malformed::StartLine),
            (Place::LineStart, b' ' | b'\t') => return Err(self.leading_space()),
            (_, 0..=8 | 11..=31 | 127) => return Err(Malformed::ControlByte(byte)),
            _ => self.in_line(),
        };
        Ok(())
    }

    const fn end_line(&mut self) -> Place {
        self.lines += 1;
        self.line = 0;
        Place::LineStart
    }

    const fn in_line(&mut self) -> Place {
        self.line += 1;
        Place::InLine
    }

    const fn leading_space(&self) -> Malformed {
        if self.lines == 0 { Malformed::StartLine } else { Malformed::Folded }
    }

    fn check(&self, limits: &HandshakeLimits) -> Result<(), HeadLimit> {
        if self.line > limits.line {
            return Err(match self.lines {
                0 => HeadLimit::StartLine(limits.line),
                _ => HeadLimit::Line(limits.line),
            });
        }
        if self.headers() > limits.headers {
            return Err(HeadLimit::Headers(limits.headers));
        }
        if self.head > limits.head { Err(HeadLimit::Head(limits.head)) } else { Ok(()) }
    }
}

/// How many bytes at the start are no control characters.
fn plain(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let found = controls(u64::from_le_bytes(*word));
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let control = |byte: &u8| matches!(byte, 0..=31 | 127);
    words.len() * 8 + rest.iter().position(control).unwrap_or(rest.len())
}

/// A word whose lowest bit that is set is the uppermost of the first byte that is a control character; zero if
/// none is. A borrow runs upwards only, so that what stands before that byte is told rightly.
const fn controls(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = ONES * 128;
    let below_space = word.wrapping_sub(ONES * 32) & !word;
    let delete = word ^ (ONES * 127);
    (below_space | (delete.wrapping_sub(ONES) & !delete)) & TOPS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    proptest! {
        /// The words find what a look at each byte finds.
        #[test]
        fn plain_bytes_are_counted_rightly(
            bytes in prop::collection::vec(prop_oneof![20 => 32..=126_u8, 1 => any::<u8>()], 0..60),
        ) {
            let slow = bytes.iter().take_while(|byte| !byte.is_ascii_control()).count();
            prop_assert_eq!(plain(&bytes), slow);
        }
    }

    /// Checklist 28: the work on a head is one step per byte, also when the bytes come one by one.
    #[test]
    fn a_long_head_takes_one_step_per_byte_however_it_is_cut() {
        let mut head = b"GET / HTTP/1.1\r\n".to_vec();
        while head.len() < 16 << 10 {
            head.extend_from_slice(b"x: 0123456789abcdef0123456789abcdef0123456789abcdef\r\n");
        }
        head.extend_from_slice(b"\r\n");
        let limits =
            HandshakeLimits { head: head.len(), headers: 1000, ..HandshakeLimits::default() };
        for size in [1, 2, 3, 1000, head.len()] {
            let mut scan = Scan::new();
            let ends: Vec<_> = head
                .chunks(size)
                .filter_map(|chunk| scan.find_end(chunk, &limits).unwrap())
                .collect();
            assert_eq!(ends.len(), 1);
            assert_eq!(scan.seen(), head.len(), "in pieces of {size}");
        }
    }

    /// Checklist 28: bytes after the end are not looked at.
    #[test]
    fn the_scan_stops_at_the_end_of_the_head() {
        let mut scan = Scan::new();
        let bytes = b"GET / HTTP/1.1\r\na: b\r\n\r\n\0\0\n\r";
        assert_eq!(scan.find_end(bytes, &HandshakeLimits::default()), Ok(Some(24)));
        assert_eq!((scan.seen(), scan.headers()), (24, 1));
    }
}
