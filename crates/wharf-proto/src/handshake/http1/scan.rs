//! Finds the end of a head while its bytes arrive, and refuses at once what no parser should have to see.

use super::error::{HeadError, HeadLimit, Malformed};
use crate::handshake::limits::HandshakeLimits;

/// One step per byte and nothing looked at twice: the work is linear however the bytes are cut.
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
        for (index, &byte) in bytes.iter().enumerate() {
            self.step(byte)?;
            self.check(limits)?;
            if self.place == Place::End {
                return Ok(Some(index + 1));
            }
        }
        Ok(None)
    }

    /// Bytes of the head so far, which is the number of steps made.
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
