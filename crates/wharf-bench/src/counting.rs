//! A connection whose messages are all the same: written from one batch, answers counted.

use crate::{
    flow::Flow,
    stream::Stream,
    tally::Tally,
    tools::Batch,
    trouble::{Trouble, TroubleKind},
    walk::Walk,
};
use std::{io, sync::Arc};
use wharf_proto::Now;

/// Whether the peer may have closed its side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    Maybe,
    No,
}

/// How answers are counted.
#[derive(Debug)]
pub(crate) enum Answers {
    /// Each has this length on the wire; so many bytes of one came.
    Bytes { len: usize, rest: usize },
    /// By their headers.
    Frames(Walk),
}

/// An open connection that counts.
#[derive(Debug)]
pub(crate) struct Counting {
    batch: Arc<Batch>,
    answers: Answers,
    /// Bytes that were promised and not written.
    unwritten: u64,
    /// Where in a frame writing goes on.
    begun: usize,
}

impl Counting {
    pub(crate) const fn new(batch: Arc<Batch>, answers: Answers) -> Self {
        Self { batch, answers, unwritten: 0, begun: 0 }
    }

    /// Sends what is due.
    pub(crate) fn send(
        &mut self,
        flow: &mut Flow,
        stream: &mut Stream,
        tally: &mut Tally,
        now: Now,
    ) -> io::Result<()> {
        let count = flow.due(now);
        if count > 0 {
            flow.sent(count, self.batch.payload, now);
            tally.sent(count);
            self.unwritten += count * self.batch.frame as u64;
        }
        self.write(stream)
    }

    /// Writes until there is no room.
    fn write(&mut self, stream: &mut Stream) -> io::Result<()> {
        let Batch { frames, frame, .. } = &*self.batch;
        while self.unwritten > 0 {
            let longest = usize::try_from(self.unwritten).unwrap_or(usize::MAX);
            let end = frames.len().min(self.begun.saturating_add(longest));
            let written = stream.write(&frames[self.begun..end])?;
            if written == 0 {
                break;
            }
            self.unwritten -= written as u64;
            self.begun = (self.begun + written) % frame;
        }
        Ok(())
    }

    /// Counts what came. `scratch` is for bytes that nobody looks at, `read` for those that are.
    pub(crate) fn receive(
        &mut self,
        flow: &mut Flow,
        stream: &mut Stream,
        tally: &mut Tally,
        (scratch, read): (&mut [u8], &mut [u8]),
        closed: Closed,
        now: Now,
    ) -> Result<(), Trouble> {
        loop {
            let (got, room) = match &self.answers {
                Answers::Bytes { .. } => (stream.discard(scratch), scratch.len()),
                Answers::Frames(_) => (stream.read(read), read.len()),
            };
            let Some(got) = got.map_err(|error| Trouble::io(&error))? else { return Ok(()) };
            if got == 0 {
                return Err(Trouble::new(TroubleKind::Closed, "the server ended the connection"));
            }
            let count = self.answers.count(got, read)?;
            let record = |latency, count| tally.received(latency, count, self.batch.payload, now);
            flow.answered(count, now, record).map_err(|_| stray())?;
            if flow.in_flight() == 0 && self.answers.is_inside() {
                return Err(stray());
            }
            let drained = got < room && matches!(stream, Stream::Plain(_));
            if drained && closed == Closed::No {
                return Ok(());
            }
        }
    }
}

fn stray() -> Trouble {
    let text =
        "the server sends more than an echo (or pings): use --verify all, which reads each frame";
    Trouble::new(TroubleKind::Wrong, text)
}

impl Answers {
    /// How many answers are complete with these bytes.
    fn count(&mut self, got: usize, read: &[u8]) -> Result<u64, Trouble> {
        match self {
            Self::Bytes { len, rest } => {
                let all = *rest + got;
                *rest = all % *len;
                Ok((all / *len) as u64)
            }
            Self::Frames(walk) => walk.count(&read[..got]),
        }
    }

    fn is_inside(&self) -> bool {
        match self {
            Self::Bytes { rest, .. } => *rest > 0,
            Self::Frames(walk) => walk.is_inside(),
        }
    }
}
