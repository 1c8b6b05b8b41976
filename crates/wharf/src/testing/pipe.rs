//! One direction of a wire.

use super::faults::{Cut, Faults};
use crate::random::Random;
use std::{
    collections::VecDeque,
    io::{self, ErrorKind},
    task::Waker,
};
use tokio::{io::ReadBuf, time::Instant};

/// Bytes on their way, and who waits for them.
#[derive(Debug)]
pub(crate) struct Pipe {
    faults: Faults,
    random: Random,
    cut: Option<(u64, Cut)>,
    under_way: VecDeque<(Instant, VecDeque<u8>)>,
    /// Bytes that were written and not read.
    held: usize,
    /// Bytes that the writer has got rid of.
    taken: u64,
    /// When what was written last arrives.
    busy_until: Option<Instant>,
    line: Line,
    flow: Flow,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// What becomes of what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// It arrives.
    Open,
    /// It is lost; the reader finds the end, or nothing.
    Ended,
    Silent,
    /// It fails.
    Reset,
    /// The reader is gone.
    Deaf,
}

/// Whether anything is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Running,
    Stalled,
}

/// What a read or a write finds.
pub(crate) enum Found {
    Done(usize),
    /// Wait for the other end.
    Wait,
    /// Wait for the time.
    WaitUntil(Instant),
    /// Both directions are to be reset.
    Reset,
}

impl Pipe {
    pub(crate) fn new(faults: Faults, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let cut = faults.cut.map(|(at, cut)| (at.place(&mut random), cut));
        Self {
            faults,
            random,
            cut,
            under_way: VecDeque::new(),
            held: 0,
            taken: 0,
            busy_until: None,
            line: Line::Open,
            flow: Flow::Running,
            reader: None,
            writer: None,
        }
    }

    pub(crate) const fn taken(&self) -> u64 {
        self.taken
    }

    pub(crate) fn write(&mut self, bytes: &[u8], waker: &Waker) -> io::Result<Found> {
        match self.line {
            Line::Open => {}
            Line::Ended | Line::Silent => return Ok(self.take(bytes.len())),
            Line::Reset => return Err(ErrorKind::ConnectionReset.into()),
            Line::Deaf => return Err(ErrorKind::BrokenPipe.into()),
        }
        let room = self.faults.room.saturating_sub(self.held);
        if self.flow == Flow::Stalled || room == 0 {
            self.writer = Some(waker.clone());
            return Ok(Found::Wait);
        }
        let most = self.faults.write_length(bytes.len().min(room), &mut self.random);
        let Some((at, cut)) = self.cut else { return Ok(self.pass(&bytes[..most])) };
        let left = usize::try_from(at.saturating_sub(self.taken)).unwrap_or(usize::MAX);
        if most <= left && left > 0 {
            return Ok(self.pass(&bytes[..most]));
        }
        let before = &bytes[..left.min(most)];
        if !before.is_empty() {
            return Ok(self.pass(before));
        }
        self.cut = None;
        self.end_with(cut);
        match cut {
            Cut::Reset => Ok(Found::Reset),
            Cut::Eof | Cut::Silence | Cut::Stall => self.write(bytes, waker),
        }
    }

    pub(crate) fn read(&mut self, buf: &mut ReadBuf<'_>, waker: &Waker) -> io::Result<Found> {
        if self.line == Line::Reset {
            return Err(ErrorKind::ConnectionReset.into());
        }
        let Some((due, bytes)) = self.under_way.front_mut() else {
            if self.line == Line::Ended {
                return Ok(Found::Done(0));
            }
            self.reader = Some(waker.clone());
            return Ok(Found::Wait);
        };
        if *due > Instant::now() {
            self.reader = Some(waker.clone());
            return Ok(Found::WaitUntil(*due));
        }
        let most = bytes.len().min(buf.remaining());
        let count = self.faults.read_length(most, &mut self.random);
        bytes.drain(..count).for_each(|byte| buf.put_slice(&[byte]));
        if bytes.is_empty() {
            self.under_way.pop_front();
        }
        self.held -= count;
        wake(&mut self.writer);
        Ok(Found::Done(count))
    }

    /// Nothing follows what was written.
    pub(crate) fn end(&mut self) {
        if self.line == Line::Open {
            self.line = Line::Ended;
            self.wake();
        }
    }

    pub(crate) fn end_with(&mut self, cut: Cut) {
        match cut {
            Cut::Eof => self.end(),
            Cut::Reset => self.reset(),
            Cut::Silence if self.line == Line::Open => self.line = Line::Silent,
            Cut::Silence => {}
            Cut::Stall => self.flow = Flow::Stalled,
        }
        self.wake();
    }

    pub(crate) fn resume(&mut self) {
        self.flow = Flow::Running;
        self.wake();
    }

    pub(crate) fn reset(&mut self) {
        self.lose(Line::Reset);
    }

    /// Nobody reads any more.
    pub(crate) fn abandon(&mut self) {
        if self.line != Line::Reset {
            self.lose(Line::Deaf);
        }
    }

    fn lose(&mut self, line: Line) {
        (self.line, self.held) = (line, 0);
        self.under_way.clear();
        self.wake();
    }

    fn pass(&mut self, bytes: &[u8]) -> Found {
        let now = Instant::now();
        let start = self.busy_until.map_or(now, |busy| busy.max(now));
        let sent = start + self.faults.transfer(bytes.len());
        self.busy_until = self.faults.transfer(1).gt(&std::time::Duration::ZERO).then_some(sent);
        let arrives = sent + self.faults.latency(&mut self.random);
        let last = self.under_way.back().map_or(arrives, |(due, _)| arrives.max(*due));
        self.under_way.push_back((last, bytes.iter().copied().collect()));
        self.held += bytes.len();
        wake(&mut self.reader);
        self.take(bytes.len())
    }

    const fn take(&mut self, count: usize) -> Found {
        self.taken += count as u64;
        Found::Done(count)
    }

    fn wake(&mut self) {
        wake(&mut self.reader);
        wake(&mut self.writer);
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}
