//! Control frames that go ahead of data.

use crate::frame::{control::ControlFrame, opcode::Control};
use alloc::collections::VecDeque;

/// Answers to Pings, and a Ping of keep-alive, in the order in which they came up.
///
/// A new Ping takes the place of one that was not begun. So does an answer, once [`ANSWERS`] wait: the peer
/// is owed the latest (RFC 6455 §5.5.3), and what waits stays bounded.
#[derive(Debug, Default)]
pub(super) struct Urgent {
    frames: VecDeque<(Control, ControlFrame)>,
    /// Bytes of the first frame that were written.
    begun: usize,
}

/// Each Ping of a small batch gets its answer; of a flood, the latest.
const ANSWERS: usize = 32;

impl Urgent {
    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(super) const fn is_begun(&self) -> bool {
        self.begun > 0
    }

    pub(super) fn len(&self) -> usize {
        self.frames.iter().map(|(_, frame)| frame.len()).sum::<usize>() - self.begun
    }

    pub(super) fn push_pong(&mut self, frame: ControlFrame) {
        self.push(Control::Pong, frame, ANSWERS);
    }

    pub(super) fn push_ping(&mut self, frame: ControlFrame) {
        self.push(Control::Ping, frame, 1);
    }

    fn push(&mut self, kind: Control, frame: ControlFrame, most: usize) {
        // What was begun must be finished.
        let fixed = usize::from(self.is_begun());
        let mut waiting = self.frames.iter_mut().skip(fixed).filter(|(other, _)| *other == kind);
        match waiting.nth(most - 1) {
            Some(_) => {
                let last = self.frames.iter_mut().skip(fixed).rfind(|(other, _)| *other == kind);
                if let Some((_, waiting)) = last {
                    *waiting = frame;
                }
            }
            None => self.frames.push_back((kind, frame)),
        }
    }

    pub(super) fn drop_unbegun(&mut self) {
        self.frames.truncate(usize::from(self.is_begun()));
    }

    pub(super) fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        let mut begun = self.begun;
        self.frames.iter().map(move |(_, frame)| &frame[core::mem::take(&mut begun)..])
    }

    /// Takes off what was written, and returns what was written beyond it.
    pub(super) fn advance(&mut self, mut count: usize) -> usize {
        while let Some((_, frame)) = self.frames.front() {
            let here = count.min(frame.len() - self.begun);
            self.begun += here;
            count -= here;
            if self.begun < frame.len() {
                return 0;
            }
            self.begun = 0;
            self.frames.pop_front();
        }
        // An idle connection holds no queue.
        self.frames = VecDeque::new();
        count
    }
}
