//! What waits to be written.

use super::urgent::Urgent;
use crate::frame::{control::ControlFrame, header::FrameHeader};
use alloc::{
    boxed::Box,
    collections::{VecDeque, vec_deque::Iter},
    vec::Vec,
};
use bytes::{Buf, Bytes};
use wharf_bytes::{mask, mask_append};

/// Bytes on their way out, in the order of the wire; write them, then [`advance`](Buf::advance).
///
/// Small frames lie side by side in one run, large payloads are shared and go out by a vectored write.
/// Automatic Pongs and a Ping of keep-alive wait beside the data, bounded in number, and pass it as soon as
/// the run that was begun is written, which is at most 80 KiB, or its large payload.
#[derive(Debug, Default)]
pub struct Outbox {
    /// The run in front; `run[begun..]` is to be written.
    run: Vec<u8>,
    begun: usize,
    /// What does not fit into one run. Most batches do: an idle connection has no room for it.
    behind: Option<Box<Behind>>,
}

/// What waits beside the run in front.
#[derive(Debug, Default)]
struct Behind {
    /// What follows the run.
    rest: VecDeque<Chunk>,
    /// Bytes in `rest`.
    rest_bytes: usize,
    urgent: Urgent,
}

/// Bytes in a queue.
#[derive(Debug)]
enum Chunk {
    /// Whole frames, the last of which may have its payload in the chunk that follows.
    Run(Vec<u8>),
    /// The payload of the frame whose header ends the run before.
    Body(Bytes),
}

/// Payloads up to here are copied beside their header; a vectored write with one more piece costs more.
pub(crate) const COPIED: usize = 16 << 10;

/// A run is not made longer than this: control frames pass between runs.
const RUN: usize = 64 << 10;

impl Outbox {
    /// Bytes that wait, headers among them; 0 when all is written.
    pub fn len(&self) -> usize {
        self.data_len() + self.behind().map_or(0, |behind| behind.urgent.len())
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.run.len() == self.begun && self.behind().is_none_or(Behind::is_empty)
    }

    /// Bytes of frames that wait in order; automatic control frames do not count.
    pub fn data_len(&self) -> usize {
        self.run.len() - self.begun + self.behind().map_or(0, |behind| behind.rest_bytes)
    }

    /// Takes the storage of an empty outbox away, so that an idle connection holds none.
    pub fn release(&mut self) -> Option<Vec<u8>> {
        let idle =
            self.begun == self.run.len() && self.rest().len() == 0 && self.run.capacity() > 0;
        if !idle {
            return None;
        }
        self.begun = 0;
        self.behind = self.behind.take().filter(|behind| !behind.is_empty());
        let mut storage = core::mem::take(&mut self.run);
        storage.clear();
        Some(storage)
    }

    /// Gives an empty outbox storage to write frames into.
    pub fn lend(&mut self, storage: Vec<u8>) {
        if self.run.capacity() == 0 && storage.is_empty() {
            self.run = storage;
        }
    }

    /// Whether it owns storage that could be [`release`](Self::release)d or was lent.
    pub fn has_storage(&self) -> bool {
        self.run.capacity() > 0
    }

    /// Queues a frame whose payload is copied, and masked if the header says so.
    #[inline]
    pub(crate) fn push_copied(&mut self, header: &FrameHeader, payload: &[u8]) {
        let run = self.open_run();
        let before = run.len();
        let mut head = [0; FrameHeader::MAX];
        let used = header.write(&mut head);
        // A copy of a length that is known takes two stores, one of any other a call.
        run.extend_from_slice(&head);
        run.truncate(before + used);
        match header.key {
            Some(key) => mask_append(key, payload, run),
            None => run.extend_from_slice(payload),
        }
        let added = run.len() - before;
        self.count(added);
    }

    /// Queues a frame whose payload is shared.
    pub(crate) fn push_shared(&mut self, header: &FrameHeader, payload: Bytes) {
        let body = match header.key {
            Some(key) => masked(key, payload),
            None => payload,
        };
        self.push_copied(header, &[]);
        let behind = self.behind.get_or_insert_default();
        behind.rest_bytes += body.len();
        behind.rest.push_back(Chunk::Body(body));
    }

    /// Queues a control frame in its turn: a Close, or a Pong that the user sends.
    pub(crate) fn push_control(&mut self, frame: &ControlFrame) {
        self.open_run().extend_from_slice(frame);
        self.count(frame.len());
    }

    /// The answer to a Ping.
    pub(crate) fn push_pong(&mut self, frame: ControlFrame) {
        self.behind.get_or_insert_default().urgent.push_pong(frame);
    }

    /// Drops the control frames that would follow the frames in order, because these were begun.
    pub(crate) fn drop_controls_behind(&mut self) {
        let ahead = self.pieces_ahead();
        if let Some(behind) = self.behind.as_mut().filter(|_| ahead > 0) {
            behind.urgent.drop_unbegun();
        }
    }

    /// A Ping of keep-alive.
    pub(crate) fn push_ping(&mut self, frame: ControlFrame) {
        self.behind.get_or_insert_default().urgent.push_ping(frame);
    }

    /// Drops everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    fn behind(&self) -> Option<&Behind> {
        self.behind.as_deref()
    }

    fn rest(&self) -> Iter<'_, Chunk> {
        self.behind().map_or_else(Iter::default, |behind| behind.rest.iter())
    }

    /// The run at the end of the queue.
    #[inline]
    fn open_run(&mut self) -> &mut Vec<u8> {
        if self.behind.is_none() && self.run.len() < RUN {
            if self.begun == self.run.len() {
                self.run.clear();
                self.begun = 0;
            }
            return &mut self.run;
        }
        self.open_run_behind()
    }

    /// The run at the end of a queue of several chunks.
    #[inline(never)]
    fn open_run_behind(&mut self) -> &mut Vec<u8> {
        if self.begun == self.run.len() && self.rest().len() == 0 {
            self.run.clear();
            self.begun = 0;
        }
        let full = match self.rest().next_back() {
            None => self.run.len() >= RUN,
            Some(Chunk::Run(run)) => run.len() >= RUN,
            Some(Chunk::Body(_)) => true,
        };
        if full {
            self.behind.get_or_insert_default().rest.push_back(Chunk::Run(Vec::new()));
        }
        let last = self.behind.as_mut().and_then(|behind| behind.rest.back_mut());
        match last {
            Some(Chunk::Run(run)) => run,
            Some(Chunk::Body(_)) | None => &mut self.run,
        }
    }

    fn count(&mut self, added: usize) {
        if let Some(behind) = self.behind.as_mut().filter(|behind| !behind.rest.is_empty()) {
            behind.rest_bytes += added;
        }
    }

    /// Whether a frame was begun and not finished; bytes of a run that was begun count as one.
    fn is_inside(&self) -> bool {
        let rest = self.run.len() - self.begun;
        let body = matches!(self.rest().next(), Some(Chunk::Body(_)));
        if rest == 0 { body } else { self.begun > 0 }
    }

    /// How many pieces of data stand before the control frames: the run that was begun and the body of its
    /// last frame. None, if a control frame was begun.
    fn pieces_ahead(&self) -> usize {
        let urgent_is_begun = self.behind().is_some_and(|behind| behind.urgent.is_begun());
        match self.rest().next() {
            _ if urgent_is_begun || !self.is_inside() => 0,
            Some(Chunk::Body(_)) => 2,
            Some(Chunk::Run(_)) | None => 1,
        }
    }

    fn data(&self) -> impl Iterator<Item = &[u8]> {
        core::iter::once(&self.run[self.begun..]).chain(self.rest().map(Chunk::bytes))
    }

    /// All that waits, in the order of the wire.
    fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        let ahead = self.pieces_ahead();
        let urgent = self.behind().into_iter().flat_map(|behind| behind.urgent.pieces());
        let data = self.data().take(ahead).chain(urgent).chain(self.data().skip(ahead));
        data.filter(|piece| !piece.is_empty())
    }

    fn advance_data(&mut self, mut count: usize) {
        loop {
            let here = count.min(self.run.len() - self.begun);
            self.begun += here;
            count -= here;
            if self.begun < self.run.len() || self.rest().len() == 0 {
                debug_assert_eq!(count, 0, "advanced past the end");
                return;
            }
            count = self.advance_rest(count);
            if count == 0 && !matches!(self.rest().next(), Some(Chunk::Run(_))) {
                return;
            }
        }
    }

    /// The run in front is written: goes on with the chunk behind it.
    fn advance_rest(&mut self, count: usize) -> usize {
        let Some(behind) = &mut self.behind else { return count };
        match behind.rest.front_mut() {
            Some(Chunk::Body(body)) => {
                let here = count.min(body.len());
                body.advance(here);
                behind.rest_bytes -= here;
                if body.is_empty() {
                    behind.rest.pop_front();
                }
                count - here
            }
            Some(Chunk::Run(run)) => {
                behind.rest_bytes -= run.len();
                self.run = core::mem::take(run);
                self.begun = 0;
                behind.rest.pop_front();
                count
            }
            None => count,
        }
    }

    fn advance_urgent(&mut self, count: usize) -> usize {
        match &mut self.behind {
            Some(behind) => behind.urgent.advance(count),
            None => count,
        }
    }
}

impl Behind {
    fn is_empty(&self) -> bool {
        self.rest.is_empty() && self.urgent.is_empty()
    }
}

impl Buf for Outbox {
    fn remaining(&self) -> usize {
        self.len()
    }

    fn chunk(&self) -> &[u8] {
        if self.behind.is_none() {
            return &self.run[self.begun..];
        }
        self.pieces().next().unwrap_or_default()
    }

    fn advance(&mut self, count: usize) {
        if self.behind.is_none() {
            self.advance_data(count);
            return;
        }
        let ahead = self.data().take(self.pieces_ahead()).map(<[u8]>::len).sum();
        let first = count.min(ahead);
        self.advance_data(first);
        let behind = self.advance_urgent(count - first);
        self.advance_data(behind);
        self.behind = self.behind.take().filter(|behind| !behind.is_empty());
    }

    #[cfg(feature = "std")]
    fn chunks_vectored<'a>(&'a self, slices: &mut [std::io::IoSlice<'a>]) -> usize {
        let mut filled = 0;
        for (slice, piece) in slices.iter_mut().zip(self.pieces()) {
            *slice = std::io::IoSlice::new(piece);
            filled += 1;
        }
        filled
    }
}

impl Chunk {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Run(run) => run,
            Self::Body(body) => body,
        }
    }
}

/// RFC 6455 §5.3: in place if nobody else holds the payload, else in a copy of our own.
fn masked(key: wharf_bytes::MaskKey, payload: Bytes) -> Bytes {
    match payload.try_into_mut() {
        Ok(mut unique) => {
            mask(key, &mut unique);
            unique.freeze()
        }
        Err(shared) => {
            let mut copy = Vec::with_capacity(shared.len());
            mask_append(key, &shared, &mut copy);
            copy.into()
        }
    }
}
