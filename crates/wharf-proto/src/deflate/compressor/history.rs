//! Plain text that later text may refer to.

use super::effort::{Effort, Ways};
use crate::deflate::agreement::WindowBits;
use alloc::vec::Vec;

/// Text behind the window: it is moved in so large steps, and a block is at most so long.
const LEAST_SPARE: usize = 4 << 10;
/// Positions are 16 bits.
const MOST_BYTES: usize = 1 << 16;

/// Positions to remember; those of a message that stands alone are cleared for each.
const SLOTS_PER_BYTE: usize = 2;
const LEAST_SLOTS: usize = 256;
const MOST_SLOTS: usize = 1 << 14;
/// The most of a history that a connection keeps. Four times as many make messages 1 % shorter.
const KEPT_SLOTS: usize = 1 << 12;

/// The last text of a stream, and where its sequences of four bytes stand.
///
/// The bytes before `parsed` are known to the peer; those within the window before a position may be
/// referred to from it.
pub(in super::super) struct History {
    pub(super) bytes: Vec<u8>, // INVARIANT: at most `most` long
    pub(super) parsed: usize,
    pub(super) places: Places,
    window: usize,
    most: usize,
    most_slots: usize,
    /// Where the block under way begins.
    pub(super) begun: usize,
    moved: u64,
}

/// For each hash of four bytes the positions where it was seen last, the latest first. What stands here is
/// a hint: whoever uses it compares the bytes.
pub(super) struct Places {
    pub(super) slots: Vec<u16>,
    pub(super) ways: Ways,
    /// Positions before are here, save such as were pushed out.
    pub(super) known: usize,
}

/// Where a message began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Mark {
    at: usize,
    moved: u64,
}

impl History {
    /// One that holds as much behind the window as it can, for messages that stand alone.
    pub(in super::super) fn shared() -> Self {
        Self::with_room(WindowBits::MAX, Effort::of_level(1), MOST_BYTES, MOST_SLOTS)
    }

    /// One for a connection that keeps it.
    pub(in super::super) fn kept(window: WindowBits, effort: Effort) -> Self {
        let spare = (window.bytes() / 2).max(LEAST_SPARE);
        let most_slots = window.bytes().clamp(KEPT_SLOTS / 4, KEPT_SLOTS);
        Self::with_room(window, effort, window.bytes() + spare, most_slots)
    }

    fn with_room(window: WindowBits, effort: Effort, most: usize, most_slots: usize) -> Self {
        Self {
            bytes: Vec::new(),
            parsed: 0,
            places: Places { slots: Vec::new(), ways: effort.ways, known: 0 },
            window: window.bytes(),
            most,
            most_slots,
            begun: 0,
            moved: 0,
        }
    }

    /// Begins a stream of its own: nothing before it can be referred to.
    pub(in super::super) fn restart(
        &mut self,
        window: WindowBits,
        effort: Effort,
        expected: usize,
    ) {
        self.bytes.clear();
        (self.parsed, self.begun, self.places.known) = (0, 0, 0);
        self.window = window.bytes();
        self.places.ways = effort.ways;
        self.places.slots.clear();
        self.places.slots.resize(slots(expected.min(MOST_BYTES)), 0);
    }

    /// Where a message begins now.
    pub(in super::super) const fn mark(&self) -> Mark {
        Mark { at: self.bytes.len(), moved: self.moved }
    }

    /// Nothing since `mark` was sent, so nothing may refer to it.
    pub(in super::super) fn rewind(&mut self, mark: Mark) {
        let gone = usize::try_from(self.moved - mark.moved).unwrap_or(usize::MAX);
        // If all that stood before the message is gone nothing is left. The peer may know more.
        let at = mark.at.saturating_sub(gone);
        self.bytes.truncate(at);
        (self.parsed, self.begun) = (at, at);
        self.places.known = self.places.known.min(at);
    }

    /// Takes as much of `input` as there is room for.
    pub(super) fn take(&mut self, input: &mut &[u8]) {
        let (now, later) = input.split_at(input.len().min(self.most - self.bytes.len()));
        let needed = self.bytes.len() + now.len();
        if needed > self.bytes.capacity() {
            let size = needed.next_power_of_two().max(64).min(self.most);
            self.bytes.reserve_exact(size - self.bytes.len());
        }
        self.bytes.extend_from_slice(now);
        self.places
            .grow(slots(needed).min(self.most_slots), self.parsed.saturating_sub(self.window));
        *input = later;
    }

    /// Forgets what is behind the window. No block may be under way.
    pub(super) fn make_room(&mut self) {
        let gone = self.parsed.saturating_sub(self.window);
        self.bytes.drain(..gone);
        self.parsed -= gone;
        self.begun = self.parsed;
        self.places.forget(gone);
        self.moved += gone as u64;
    }

    pub(super) const fn window(&self) -> usize {
        self.window
    }
}

#[cfg(test)]
impl History {
    /// Bytes of memory.
    pub(in super::super) fn capacity(&self) -> usize {
        self.bytes.capacity() + self.places.slots.capacity() * size_of::<u16>()
    }
}

impl Places {
    /// Begins anew at `from` if more slots are wanted than there are.
    fn grow(&mut self, wanted: usize, from: usize) {
        if self.slots.len() < wanted {
            self.slots.clear();
            self.slots.reserve_exact(wanted);
            self.slots.resize(wanted, 0);
            self.known = from;
        }
    }

    /// All positions become less by `gone`.
    fn forget(&mut self, gone: usize) {
        let less = u16::try_from(gone).expect("positions are 16 bits");
        for slot in &mut self.slots {
            *slot = slot.saturating_sub(less);
        }
        self.known = self.known.saturating_sub(gone);
    }
}

/// Slots for so much text.
fn slots(bytes: usize) -> usize {
    (bytes * SLOTS_PER_BYTE).next_power_of_two().clamp(LEAST_SLOTS, MOST_SLOTS)
}
