//! The last bytes of what went before.

use super::agreement::WindowBits;
use alloc::vec::Vec;

/// At most 2^bits bytes of plain text, kept from one message to the next. Holds what has come, never more.
#[derive(Debug)]
pub(super) struct Window {
    bits: WindowBits,
    bytes: Vec<u8>, // INVARIANT: at most bits.bytes() long
}

impl Window {
    pub(super) const fn new(bits: WindowBits) -> Self {
        Self { bits, bytes: Vec::new() }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets all and gives the memory back.
    pub(super) fn clear(&mut self) {
        self.bytes = Vec::new();
    }

    /// Moves on by `plain`.
    pub(super) fn push(&mut self, plain: &[u8]) {
        let size = self.bits.bytes();
        let plain = &plain[plain.len().saturating_sub(size)..];
        let kept = size - plain.len();
        self.bytes.drain(..self.bytes.len().saturating_sub(kept));
        self.reserve(plain.len());
        self.bytes.extend_from_slice(plain);
    }

    /// Grows to the next power of two, so that a capacity is never above the window's size.
    fn reserve(&mut self, more: usize) {
        let needed = self.bytes.len() + more;
        if needed > self.bytes.capacity() {
            let size = needed.next_power_of_two().max(64).min(self.bits.bytes());
            self.bytes.reserve_exact(size - self.bytes.len());
        }
    }
}

#[cfg(test)]
impl Window {
    pub(super) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }
}
