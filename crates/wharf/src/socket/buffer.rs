//! The read buffer of a connection, while it has one.

use super::pool;
use bytes::Bytes;

/// Bytes that were read and not decoded yet, and the bytes in which something was found last.
#[derive(Default)]
pub(crate) struct ReadBuffer {
    /// Leased from the thread's pool, except what the handshake read too far.
    bytes: Box<[u8]>,
    /// What `Inbound::advance` used last starts here.
    last: usize,
    /// The first byte that was not decoded.
    start: usize,
    end: usize,
}

/// Whether more has come than what was decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// The system gave all that it had, and all of it was decoded.
    Nothing,
    Perhaps,
}

impl ReadBuffer {
    /// Bytes that the handshake read too far.
    pub(crate) fn of(leftover: Bytes) -> Self {
        let end = leftover.len();
        Self { bytes: Vec::from(leftover).into_boxed_slice(), last: 0, start: 0, end }
    }

    pub(crate) fn has_unread(&self) -> bool {
        self.start < self.end
    }

    /// A read that did not fill the buffer has taken all that had come.
    pub(crate) fn rest(&self) -> Rest {
        let all = !self.has_unread() && self.end < self.bytes.len();
        if all { Rest::Nothing } else { Rest::Perhaps }
    }

    pub(crate) fn unread(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..self.end]
    }

    /// The first `count` unread bytes were decoded.
    pub(crate) fn consume(&mut self, count: usize) {
        self.last = self.start;
        self.start += count;
    }

    /// The bytes that were decoded last: what a [`Place`](wharf_proto::Place) refers to.
    pub(crate) fn last(&self) -> &[u8] {
        &self.bytes[self.last..self.start]
    }

    /// Room to read into; only when nothing is unread.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        if !pool::is_read(&self.bytes) {
            self.bytes = pool::take_read();
        }
        &mut self.bytes
    }

    pub(crate) fn filled(&mut self, count: usize) {
        (self.last, self.start, self.end) = (0, 0, count);
    }

    /// Whether it has memory.
    #[cfg(test)]
    pub(crate) fn is_leased(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// Gives the buffer back.
    pub(crate) fn release(&mut self) {
        if !self.bytes.is_empty() {
            pool::give_read(std::mem::take(&mut self.bytes));
        }
        (self.last, self.start, self.end) = (0, 0, 0);
    }
}

impl Drop for ReadBuffer {
    fn drop(&mut self) {
        self.release();
    }
}
