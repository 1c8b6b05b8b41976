//! The only file that knows which library inflates.

use super::agreement::WindowBits;
use alloc::boxed::Box;
use zlib_rs::{Inflate, InflateFlush, Status};

/// Input that is not DEFLATE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Corrupt;

/// What one step of an inflater did.
pub(super) struct Step {
    pub(super) taken: usize,
    pub(super) made: usize,
    pub(super) block: Block,
}

/// Whether the last block of a DEFLATE stream has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Open,
    Final,
}

pub(super) struct Inflater(Box<Inflate>);

impl Inflater {
    pub(super) fn new() -> Self {
        Self(Box::new(Inflate::new(false, WindowBits::MAX.get())))
    }

    /// Begins a stream whose blocks may refer to `history`.
    pub(super) fn restart(&mut self, history: &[&[u8]]) -> Result<(), Corrupt> {
        self.0.reset(false);
        for part in history {
            if !part.is_empty() {
                self.0.set_dictionary(part).map_err(|_| Corrupt)?;
            }
        }
        Ok(())
    }

    pub(super) fn step(&mut self, input: &[u8], room: &mut [u8]) -> Result<Step, Corrupt> {
        let (taken, made) = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(input, room, InflateFlush::NoFlush).map_err(|_| Corrupt)?;
        Ok(Step {
            taken: difference(self.0.total_in(), taken),
            made: difference(self.0.total_out(), made),
            block: if status == Status::StreamEnd { Block::Final } else { Block::Open },
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "both are positions in one slice")]
const fn difference(now: u64, before: u64) -> usize {
    (now - before) as usize
}
