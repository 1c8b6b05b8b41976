//! The last bytes of what went before.

use super::agreement::WindowBits;
use alloc::vec::Vec;

/// At most 2^bits bytes of plain text, kept from one message to the next. Holds what has come, never more.
#[derive(Debug)]
pub(super) struct Window {
    bits: WindowBits,
    bytes: Vec<u8>, // INVARIANT: at most bits.bytes() long
    /// Where the text begins: once the window is full the new goes over the oldest.
    start: usize, // INVARIANT: 0 until the window is full
}

impl Window {
    pub(super) const fn new(bits: WindowBits) -> Self {
        Self { bits, bytes: Vec::new(), start: 0 }
    }

    /// The text, in two parts.
    pub(super) fn parts(&self) -> [&[u8]; 2] {
        let (newer, older) = self.bytes.split_at(self.start);
        [older, newer]
    }

    /// Forgets all and gives the memory back.
    pub(super) fn clear(&mut self) {
        (self.bytes, self.start) = (Vec::new(), 0);
    }

    /// Moves on by `plain`.
    pub(super) fn push(&mut self, plain: &[u8]) {
        let size = self.bits.bytes();
        let plain = &plain[plain.len().saturating_sub(size)..];
        let (grows, wraps) = plain.split_at(plain.len().min(size - self.bytes.len()));
        self.reserve(grows.len());
        self.bytes.extend_from_slice(grows);
        let (behind, front) = wraps.split_at(wraps.len().min(size - self.start));
        self.bytes[self.start..self.start + behind.len()].copy_from_slice(behind);
        self.bytes[..front.len()].copy_from_slice(front);
        self.start = (self.start + wraps.len()) % size;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the steps, it holds the last bytes that passed, in their order.
    #[test]
    fn a_window_holds_the_last_bytes_in_order() {
        for steps in [&[1, 2, 3][..], &[100, 156, 1], &[255, 2, 300, 7], &[1000], &[256, 256, 13]] {
            let (mut window, mut all) = (Window::new(WindowBits::MIN), Vec::new());
            for (seed, &length) in (0_u8..).zip(steps.iter().cycle().take(20)) {
                let plain: Vec<u8> = (seed..=250).cycle().take(length).collect();
                window.push(&plain);
                all.extend_from_slice(&plain);
                let last = &all[all.len().saturating_sub(256)..];
                assert_eq!(window.parts().concat(), last);
                assert!(window.capacity() <= 256);
            }
        }
    }
}
