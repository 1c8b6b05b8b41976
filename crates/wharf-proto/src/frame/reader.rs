//! Headers out of a stream that may be cut anywhere.

use super::header::{FrameHeader, Peek};
use crate::error::Misdeed;

/// Reads headers; remembers the start of one that was cut, and nothing else.
#[derive(Debug, Default)]
pub(crate) struct HeaderReader {
    partial: [u8; FrameHeader::MAX - 1],
    held: u8,
}

impl HeaderReader {
    /// The header at the start of `bytes` and how many of them it took; if it is not all there, `bytes` is
    /// remembered.
    #[inline]
    pub(crate) fn next(&mut self, bytes: &[u8]) -> Result<Option<(FrameHeader, usize)>, Misdeed> {
        if self.held > 0 {
            return self.complete(bytes);
        }
        match FrameHeader::peek(bytes)? {
            Peek::Header(header, used) => Ok(Some((header, used))),
            Peek::Partial => {
                self.hold(bytes);
                Ok(None)
            }
        }
    }

    /// Whether a header was begun.
    pub(crate) const fn is_inside(&self) -> bool {
        self.held > 0
    }

    #[cold]
    fn complete(&mut self, bytes: &[u8]) -> Result<Option<(FrameHeader, usize)>, Misdeed> {
        let held = usize::from(self.held);
        let mut joined = [0; FrameHeader::MAX];
        joined[..held].copy_from_slice(&self.partial[..held]);
        let taken = bytes.len().min(FrameHeader::MAX - held);
        joined[held..held + taken].copy_from_slice(&bytes[..taken]);
        match FrameHeader::peek(&joined[..held + taken])? {
            Peek::Header(header, used) => {
                self.held = 0;
                Ok(Some((header, used - held)))
            }
            Peek::Partial => {
                self.hold(&joined[..held + taken]);
                Ok(None)
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a partial header has at most 13 bytes")]
    fn hold(&mut self, bytes: &[u8]) {
        self.partial[..bytes.len()].copy_from_slice(bytes);
        self.held = bytes.len() as u8;
    }
}
