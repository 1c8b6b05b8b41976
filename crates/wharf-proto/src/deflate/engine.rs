//! The only file that knows which DEFLATE library there is.

use super::agreement::WindowBits;
use alloc::{boxed::Box, vec::Vec};
use zlib_rs::{
    Deflate, DeflateConfig, DeflateFlush, Inflate, InflateFlush, Method, Status, Strategy,
};

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
    pub(super) fn restart(&mut self, history: [&[u8]; 2]) -> Result<(), Corrupt> {
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

/// What a compressor is made for; two of the same make are interchangeable after a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Make {
    pub(super) window: WindowBits,
    pub(super) level: u8,
}

pub(super) struct Compressor {
    zlib: Box<Deflate>,
    make: Make,
}

impl Compressor {
    pub(super) fn new(make: Make) -> Self {
        let zlib = Box::new(Deflate::new_with_config(config(make)));
        Self { zlib, make }
    }

    pub(super) const fn make(&self) -> Make {
        self.make
    }

    /// Begins a stream whose blocks may refer to `history`.
    pub(super) fn restart(&mut self, history: &[u8]) {
        self.zlib.reset();
        if !history.is_empty() {
            self.zlib.set_dictionary(history).expect("raw, and nothing compressed since the reset");
        }
    }

    /// Appends `input`, compressed, to `out`; what is left inside comes with the next flush.
    pub(super) fn write(&mut self, input: &[u8], out: &mut Vec<u8>) {
        self.run(input, DeflateFlush::NoFlush, out);
    }

    /// Appends all that was left inside and an empty stored block (RFC 7692 §7.2.1).
    pub(super) fn flush(&mut self, input: &[u8], out: &mut Vec<u8>) {
        self.run(input, DeflateFlush::SyncFlush, out);
    }

    fn run(&mut self, mut input: &[u8], flush: DeflateFlush, out: &mut Vec<u8>) {
        loop {
            let start = out.len();
            out.resize(start + input.len() / 2 + 64, 0);
            let (taken, made) = (self.zlib.total_in(), self.zlib.total_out());
            let room = out.len() - start;
            self.zlib.compress(input, &mut out[start..], flush).expect("the state is ours");
            let made = difference(self.zlib.total_out(), made);
            out.truncate(start + made);
            input = &input[difference(self.zlib.total_in(), taken)..];
            if made < room && input.is_empty() {
                return;
            }
        }
    }
}

/// zlib's window of 8 bits is in truth one of 9. Run lengths reach back one byte only, which fits any.
fn config(make: Make) -> DeflateConfig {
    let (bits, strategy) = match make.window {
        WindowBits::MIN => (9, Strategy::Rle),
        window => (window.get(), Strategy::Default),
    };
    DeflateConfig {
        // Level 1 of this library has no stored blocks and no codes of its own: worse than asked for.
        level: i32::from(make.level.clamp(2, 9)),
        method: Method::Deflated,
        window_bits: -i32::from(bits), // negative: without zlib's header
        mem_level: 8,
        strategy,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "both are positions in one slice")]
const fn difference(now: u64, before: u64) -> usize {
    (now - before) as usize
}
