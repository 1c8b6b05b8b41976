//! Inflating what the peer compressed, within bounds (RFC 7692 §7.2.2).

use super::{
    agreement::{Context, Direction},
    engine::{Block, Corrupt, Inflater},
    part::Part,
    pool::Loan,
    window::Window,
};
use crate::{
    connection::stats::Deflated,
    error::{Limit, ProtocolError},
};
use alloc::vec::Vec;

/// What the sender took off and the receiver puts back (RFC 7692 §7.2.2), then an empty final block: only
/// between two blocks does that end the stream and produce nothing.
const TAIL: [u8; 6] = [0x00, 0x00, 0xff, 0xff, 0x03, 0x00];

/// Output of one message below which no ratio is held against it.
const RATIO_FREE: usize = 64 << 10;

/// Room for the first step of a whole message, and the least for any.
const FIRST_ROOM: core::ops::RangeInclusive<usize> = 64..=64 << 10;

/// Final blocks inside a message that cost nothing; beyond them, one per so many compressed bytes. Each
/// makes the engine start again with up to 32 KiB of history, so they must not come for a byte or two.
const FREE_FINALS: u64 = 1024;
const BYTES_PER_FINAL: u64 = 64;

/// One connection's receiving direction.
///
/// Between messages it keeps what the agreement demands: with context takeover the window, as far as it
/// was ever filled, else nothing.
pub(crate) struct Inflate {
    context: Context,
    window: Window,
    state: State,
    counted: Deflated,
}

enum State {
    Idle,
    Message(Stream),
    /// Something did not inflate: nothing that follows is worth believing.
    Poisoned,
}

/// Why a message does not inflate. Every later message of the connection fails too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InflateError {
    /// It is not DEFLATE, stops in the middle of a block, or comes after one like that.
    Corrupt,
    /// It is longer than so many bytes.
    TooBig(usize),
    /// It is more than so many times its compressed size.
    Ratio(u32),
}

impl From<InflateError> for ProtocolError {
    fn from(error: InflateError) -> Self {
        match error {
            InflateError::Corrupt => Self::NotDeflate,
            InflateError::TooBig(limit) => Self::TooBig(Limit::Message(limit)),
            InflateError::Ratio(limit) => Self::TooBig(Limit::InflateRatio(limit)),
        }
    }
}

impl From<Corrupt> for InflateError {
    fn from(Corrupt: Corrupt) -> Self {
        Self::Corrupt
    }
}

/// Where a message in pieces stands after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// All input was used and everything has come out of it; more input is needed.
    Hungry,
    /// The room was used; there may be more to come out.
    Full,
    /// The message has ended.
    Done,
}

impl Inflate {
    /// Allocates nothing.
    pub(crate) const fn new(direction: Direction) -> Self {
        let window = Window::new(direction.window);
        let counted = Deflated { compressed: 0, plain: 0 };
        Self { context: direction.context, window, state: State::Idle, counted }
    }

    /// What was inflated so far.
    pub(crate) const fn counted(&self) -> Deflated {
        self.counted
    }

    /// Appends to `out` what a whole message inflates to: at most `limit` bytes, and beyond 64 KiB at most
    /// `ratio` times the compressed size. `compressed` is the payload of all its frames. On an error `out`
    /// is as it was.
    pub(crate) fn message(
        &mut self,
        compressed: &[u8],
        limit: usize,
        ratio: Option<u32>,
        out: &mut Vec<u8>,
    ) -> Result<(), InflateError> {
        let start = out.len();
        let inflated = self.whole(compressed, &Bound::new(compressed.len(), limit, ratio), out);
        self.counted.add(compressed.len(), out.len() - start);
        if inflated.is_err() {
            out.truncate(start);
            self.state = State::Poisoned;
        } else if self.context == Context::Takeover {
            self.window.push(&out[start..]);
        }
        inflated
    }

    fn whole(
        &self,
        mut compressed: &[u8],
        bound: &Bound,
        out: &mut Vec<u8>,
    ) -> Result<(), InflateError> {
        let State::Idle = self.state else { return Err(InflateError::Corrupt) };
        let mut stream = Stream::begin(self.window.parts())?;
        let (start, size) = (out.len(), compressed.len());
        loop {
            let room = bound.room(out.len() - start, size);
            let mut step = Step { window: self.window.parts(), start, out };
            let progress = stream.step(&mut compressed, Part::Last, room, &mut step)?;
            bound.check(out.len() - start)?;
            if progress == Progress::Done {
                return Ok(());
            }
        }
    }

    /// One step of a message in pieces: appends at most `room` bytes to `out` and takes off `compressed`
    /// what it used. The first step begins the message; after [`Progress::Full`] the next step gets what is
    /// left, with the same `part`.
    pub(crate) fn chunk(
        &mut self,
        compressed: &mut &[u8],
        part: Part,
        room: usize,
        out: &mut Vec<u8>,
    ) -> Result<Progress, InflateError> {
        let mut stream = match core::mem::replace(&mut self.state, State::Poisoned) {
            State::Idle => Stream::begin(self.window.parts())?,
            State::Message(stream) => stream,
            State::Poisoned => return Err(InflateError::Corrupt),
        };
        let (start, here) = (out.len(), compressed.len());
        let mut step = Step { window: self.window.parts(), start, out };
        let progress = stream.step(compressed, part, room, &mut step)?;
        self.counted.add(here - compressed.len(), out.len() - start);
        self.window.push(&out[start..]);
        self.state = match progress {
            Progress::Done => State::Idle,
            Progress::Hungry | Progress::Full => State::Message(stream),
        };
        if progress == Progress::Done && self.context == Context::NoTakeover {
            self.window.clear();
        }
        Ok(progress)
    }
}

#[cfg(test)]
impl Inflate {
    /// Bytes held between messages.
    pub(super) fn kept(&self) -> usize {
        self.window.capacity()
    }
}

/// A message on its way through an engine.
struct Stream {
    engine: Loan<Inflater>,
    place: Place,
    taken: u64,
    finals: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing has come yet.
    Start,
    Inside,
    /// Right after a final block, at a byte boundary.
    AfterFinal,
}

/// What one step works on: all plain text before it is `window`, then `out[start..]`.
struct Step<'a> {
    window: [&'a [u8]; 2],
    start: usize,
    out: &'a mut Vec<u8>,
}

impl Stream {
    fn begin(window: [&[u8]; 2]) -> Result<Self, InflateError> {
        let mut engine = Loan::<Inflater>::take();
        engine.restart(&window)?;
        Ok(Self { engine, place: Place::Start, taken: 0, finals: 0 })
    }

    fn step(
        &mut self,
        input: &mut &[u8],
        part: Part,
        room: usize,
        step: &mut Step<'_>,
    ) -> Result<Progress, InflateError> {
        let end = step.out.len().saturating_add(room);
        loop {
            let mut made = step.out.len();
            let reach = input.len().saturating_mul(4).max(*FIRST_ROOM.start());
            step.out.resize(end.min(made.saturating_add(reach)), 0);
            let progress = self.run(input, step, &mut made);
            step.out.truncate(made);
            match (progress?, part) {
                (Progress::Full, _) if made < end => {}
                (Progress::Hungry, Part::Last) => return self.finish(),
                (progress, _) => return Ok(progress),
            }
        }
    }

    /// Inflates until input or room is used; `made` goes with the output.
    fn run(
        &mut self,
        input: &mut &[u8],
        step: &mut Step<'_>,
        made: &mut usize,
    ) -> Result<Progress, InflateError> {
        while *made < step.out.len() {
            let did = self.engine.step(input, &mut step.out[*made..])?;
            *made += did.made;
            self.took(did.taken, input);
            match did.block {
                Block::Final => {
                    let [older, newer] = step.window;
                    self.go_on(&[older, newer, &step.out[step.start..*made]])?;
                }
                Block::Open if input.is_empty() && *made < step.out.len() => {
                    return Ok(Progress::Hungry);
                }
                Block::Open => {}
            }
        }
        Ok(Progress::Full)
    }

    fn took(&mut self, taken: usize, input: &mut &[u8]) {
        *input = &input[taken..];
        self.taken += taken as u64;
        if taken > 0 {
            self.place = Place::Inside;
        }
    }

    /// RFC 7692 §7.2.3.4: more blocks may follow a final one, and may refer to what stands before it.
    fn go_on(&mut self, history: &[&[u8]]) -> Result<(), InflateError> {
        self.finals += 1;
        if self.finals > FREE_FINALS + self.taken / BYTES_PER_FINAL {
            return Err(InflateError::Corrupt);
        }
        self.place = Place::AfterFinal;
        Ok(self.engine.restart(history)?)
    }

    /// The payload is used up. One that ends with its final block needs no tail to be whole.
    fn finish(&mut self) -> Result<Progress, InflateError> {
        match self.place {
            Place::Start => Err(InflateError::Corrupt),
            Place::AfterFinal => Ok(Progress::Done),
            Place::Inside => {
                let did = self.engine.step(&TAIL, &mut [0])?;
                let whole = did.taken == TAIL.len() && did.made == 0 && did.block == Block::Final;
                if whole { Ok(Progress::Done) } else { Err(InflateError::Corrupt) }
            }
        }
    }
}

/// How far a message may inflate.
struct Bound {
    bytes: usize,
    breach: InflateError,
}

impl Bound {
    fn new(compressed: usize, limit: usize, ratio: Option<u32>) -> Self {
        let by_ratio = ratio.map(|ratio| {
            let times = usize::try_from(ratio).unwrap_or(usize::MAX);
            (compressed.saturating_mul(times).max(RATIO_FREE), ratio)
        });
        match by_ratio {
            Some((bytes, ratio)) if bytes < limit => {
                Self { bytes, breach: InflateError::Ratio(ratio) }
            }
            _ => Self { bytes: limit, breach: InflateError::TooBig(limit) },
        }
    }

    /// Room for the next step: as much again as there is, and one byte to see a breach by.
    fn room(&self, made: usize, compressed: usize) -> usize {
        let first = compressed.saturating_mul(4).clamp(*FIRST_ROOM.start(), *FIRST_ROOM.end());
        made.max(first).min((self.bytes - made).saturating_add(1))
    }

    fn check(&self, made: usize) -> Result<(), InflateError> {
        if made <= self.bytes { Ok(()) } else { Err(self.breach) }
    }
}
