//! The half that reads: bytes in, messages and control frames out.

use super::{
    assembly::Assembly,
    burst::Burst,
    found::{Delivery, End, Found, Packing, Piece, Place, Progress, Whole},
    handover::Handover,
    meter::Meter,
    reading::{Frame, Reading, Step},
    stats::Received,
};
use crate::{
    config::Config,
    error::{Limit, ProtocolError},
    frame::{
        admission::{self, Expectation, Rsv1},
        control::{ControlPayload, parse_close},
        header::{FrameHeader, Peek, RSV1},
        opcode::{Control, OpCode},
        reader::HeaderReader,
    },
    handshake::agreement::Agreement,
    message::types::{Kind, Message, MessageRef},
    role::Role,
    time::Now,
};
use alloc::{boxed::Box, sync::Arc};
use core::ops::Range;
use wharf_bytes::mask;

/// Decodes what the peer sends, in place, in whatever slice the caller holds.
///
/// It keeps nothing of that slice: a header that was cut is at most 13 bytes inline, a payload that was cut
/// goes, unmasked and checked, into the message under way. A length in a header reserves nothing.
#[derive(Debug)]
pub struct Inbound {
    config: Arc<Config>,
    role: Role,
    rsv1: Rsv1,
    reading: Reading,
    delivery: Delivery,
    pub(super) reader: HeaderReader,
    pub(super) frame: Option<Frame>,
    /// In a box: most messages come in one piece, and need none.
    pub(super) message: Option<Box<Assembly>>,
    handover: Handover,
    control: Option<Box<ControlPayload>>,
    burst: Burst,
    /// In a box: mostly there is no rate.
    pub(super) meter: Option<Box<Meter>>,
    pub(super) counted: Counted,
}

/// What came so far.
#[derive(Debug, Default)]
pub(super) struct Counted {
    messages: u64,
    frames: u64,
    control: u64,
    pub(super) bytes: u64,
}

impl Inbound {
    /// The reading half of an end in this role.
    pub fn new(role: Role, agreed: &Agreement, config: Arc<Config>) -> Self {
        let handover = Handover::new(role, agreed);
        let meter = config.limits.rate.map(|rate| Box::new(Meter::new(rate)));
        Self {
            rsv1: handover.rsv1(),
            config,
            role,
            reading: if meter.is_some() { Reading::Metered } else { Reading::Open },
            delivery: Delivery::Whole,
            reader: HeaderReader::default(),
            frame: None,
            message: None,
            handover,
            control: None,
            burst: Burst::default(),
            meter,
            counted: Counted::default(),
        }
    }

    /// Reads `bytes`, unmasking where they lie, until something is complete or they run out.
    ///
    /// Call it again with the bytes that were not used, until it finds nothing. What was found is valid
    /// until the next call. Cut the same bytes anywhere, and the same is found. Bytes that are neither used
    /// nor found have to wait: see [`resume_at`](Self::resume_at).
    // A whole message that is found passes through no memory on its way to a caller that looks at it at once.
    #[inline(always)]
    pub fn advance(&mut self, bytes: &mut [u8], now: Now) -> Progress {
        self.handover.forget();
        match self.at_once(bytes) {
            Some((whole, used)) => Progress { used, found: Some(Found::Message(whole)) },
            None => {
                let (used, found) = self.step_by_step(bytes, now);
                Progress { used, found }
            }
        }
    }

    /// The road that most messages take: between two messages, one frame, well-formed, welcome and all of it
    /// here. In any other case nothing has changed, and it is looked at again step by step.
    #[inline(always)]
    fn at_once(&mut self, bytes: &mut [u8]) -> Option<(Whole, usize)> {
        if self.reading != Reading::Open || !self.is_between_frames() {
            return None;
        }
        let Ok(Peek::Header(header, mut used)) = FrameHeader::peek(bytes) else { return None };
        self.expectation().admit(&header).ok()?;
        self.admit_size(header.len).ok()?;
        let whole = self.whole(&header, bytes, &mut used)?;
        self.counted.frames += 1;
        self.burst.on_data();
        Some((whole, used))
    }

    #[inline(never)]
    fn step_by_step(&mut self, bytes: &mut [u8], now: Now) -> (usize, Option<Found>) {
        let mut used = 0;
        let found = loop {
            if self.reading == Reading::Over {
                used = bytes.len();
                break None;
            }
            if self.reading == Reading::Metered && self.resume_at(now).is_some() {
                break None;
            }
            let before = used;
            let step = self.step(bytes, &mut used, now);
            if let Some(meter) = &mut self.meter {
                meter.charge_bytes(used - before, now);
            }
            match step {
                Ok(Step::Found(found)) => break Some(found),
                Ok(Step::Again) => {}
                Ok(Step::Starved) => break None,
                Err(error) => break Some(self.failed(error)),
            }
        };
        (used, found)
    }

    /// What was found last is not asked for any more: gives up the memory it took. [`advance`](Self::advance)
    /// does that too.
    #[inline]
    pub fn forget(&mut self) {
        self.handover.forget();
    }

    /// Lends a message that [`advance`](Self::advance) found in `bytes`. On an error nothing that follows
    /// is read; tell the outbound half by [`Outbound::fail`](crate::Outbound::fail).
    #[inline]
    pub fn lend<'a>(
        &'a mut self,
        whole: Whole,
        bytes: &'a [u8],
    ) -> Result<MessageRef<'a>, ProtocolError> {
        let Self { handover, reading, config, .. } = self;
        let lent = handover.lend(whole, bytes, &config.limits);
        lent.inspect_err(|_| *reading = Reading::Over)
    }

    /// Takes a message that [`advance`](Self::advance) found in `bytes`: a copy if it lies there, without a
    /// copy if it was assembled. Errors as for [`lend`](Self::lend).
    #[inline]
    pub fn take(&mut self, whole: Whole, bytes: &[u8]) -> Result<Message, ProtocolError> {
        let taken = self.handover.take(whole, bytes, &self.config.limits);
        taken.inspect_err(|_| self.reading = Reading::Over)
    }

    /// The payload of a Ping or Pong, or a chunk, that [`advance`](Self::advance) found in `bytes`.
    pub fn payload<'a>(&'a self, place: &Place, bytes: &'a [u8]) -> &'a [u8] {
        self.handover.payload(place, bytes)
    }

    /// How messages that have not begun are to be handed out; one that was begun whole goes on in chunks,
    /// but one that was begun in chunks ends in chunks.
    pub fn set_delivery(&mut self, delivery: Delivery) {
        self.delivery = delivery;
        if let (Delivery::Chunks, Some(message)) = (delivery, &mut self.message) {
            message.go_on_in_chunks();
        }
    }

    /// What the message holds that is handed out in chunks and not over yet.
    pub fn chunks_kind(&self) -> Option<Kind> {
        let message = self.message.as_ref()?;
        (message.delivery == Delivery::Chunks).then_some(message.kind)
    }

    /// Whether a message that is handed out in chunks is not over yet.
    pub fn is_inside_chunks(&self) -> bool {
        self.message.as_ref().is_some_and(|message| message.delivery == Delivery::Chunks)
    }

    /// Whether anything is still read: not after a Close or a failure.
    pub fn is_over(&self) -> bool {
        self.reading == Reading::Over
    }

    /// Whether the input ended between messages, not in the middle of a frame or a message.
    pub fn is_between_messages(&self) -> bool {
        self.is_between_frames() && !self.meter.as_ref().is_some_and(|meter| meter.is_parking())
    }

    #[inline]
    fn is_between_frames(&self) -> bool {
        self.frame.is_none() && self.message.is_none() && !self.reader.is_inside()
    }

    /// Bytes of memory that the message under way holds.
    pub fn held_bytes(&self) -> usize {
        let message = self.message.as_ref().map_or(0, |message| message.payload.capacity());
        message + self.handover.capacity()
    }

    /// What came so far.
    pub const fn stats(&self) -> Received {
        let Counted { messages, frames, control, bytes } = self.counted;
        Received { messages, frames, control, bytes, deflated: self.handover.deflated() }
    }

    #[inline]
    fn step(
        &mut self,
        bytes: &mut [u8],
        used: &mut usize,
        now: Now,
    ) -> Result<Step, ProtocolError> {
        if let Some(chunk) = self.inflate_chunk()? {
            return Ok(Step::Found(chunk));
        }
        if self.frame.is_none() {
            let Some(header) = self.header(bytes, used, now)? else { return Ok(Step::Starved) };
            if let Some(whole) = self.whole(&header, bytes, used) {
                return Ok(Step::Found(Found::Message(whole)));
            }
            self.begin(&header);
            if let (OpCode::Data(_), Delivery::Chunks) = (header.opcode, self.delivery) {
                // Tells the start at once: whoever asks for chunks gets the message from its first byte.
                return Ok(Step::Found(self.chunk(Place::Input(*used..*used), End::More)));
            }
        }
        self.piece(bytes, used)
    }

    /// RFC 6455 §10.4: refuses before anything is reserved.
    #[inline]
    pub(super) fn admit(&mut self, header: &FrameHeader, now: Now) -> Result<(), ProtocolError> {
        self.expectation().admit(header)?;
        self.counted.frames += 1;
        if let OpCode::Control(_) = header.opcode {
            self.burst.on_control(self.config.limits.control_burst, now)?;
            return Ok(());
        }
        self.burst.on_data();
        self.admit_size(header.len)
    }

    #[inline]
    fn expectation(&self) -> Expectation {
        let message = match &self.message {
            Some(_) => admission::Progress::Inside,
            None => admission::Progress::Between,
        };
        Expectation { role: self.role, rsv1: self.rsv1, message }
    }

    #[inline]
    fn admit_size(&self, len: u64) -> Result<(), ProtocolError> {
        let limits = &self.config.limits;
        let (fragments, before, delivery) = match &self.message {
            Some(message) => (message.fragments, message.declared, message.delivery),
            None => (0, 0, self.delivery),
        };
        if fragments >= limits.fragments {
            return Err(Limit::Fragments(limits.fragments).into());
        }
        if delivery == Delivery::Chunks {
            return Ok(());
        }
        if len > limits.frame as u64 {
            return Err(Limit::Frame(limits.frame).into());
        }
        // A compressed message is measured again as it inflates; one that is too long already never fits.
        if before.saturating_add(len) > limits.message as u64 {
            return Err(Limit::Message(limits.message).into());
        }
        Ok(())
    }

    /// A message that is one frame and all of it here, so that nothing need be remembered.
    #[inline(always)]
    fn whole(&mut self, header: &FrameHeader, bytes: &mut [u8], used: &mut usize) -> Option<Whole> {
        let OpCode::Data(kind) = header.opcode else { return None };
        let len = usize::try_from(header.len).ok()?;
        let end = used.checked_add(len)?;
        if !header.fin || end > bytes.len() || self.delivery == Delivery::Chunks {
            return None;
        }
        let range = *used..end;
        if let Some(key) = header.key {
            mask(key, &mut bytes[range.clone()]);
        }
        *used = end;
        self.counted.bytes += header.len;
        self.counted.messages += 1;
        Some(Whole { kind, packing: packing(header), place: Place::Input(range) })
    }

    fn begin(&mut self, header: &FrameHeader) {
        self.frame = Some(Frame {
            opcode: header.opcode,
            fin: header.fin,
            key: header.key,
            left: header.len,
        });
        let delivery = self.delivery;
        match (header.opcode, &mut self.message) {
            (OpCode::Data(kind), _) => {
                let message = Assembly::new(kind, packing(header), delivery, header.len);
                self.message = Some(Box::new(message));
            }
            (OpCode::Continuation, Some(message)) => message.continue_with(header.len),
            (OpCode::Continuation, None) | (OpCode::Control(_), _) => {}
        }
    }

    /// The next piece of the frame under way, as far as it has come.
    fn piece(&mut self, bytes: &mut [u8], used: &mut usize) -> Result<Step, ProtocolError> {
        let Some(frame) = &mut self.frame else { return Ok(Step::Again) };
        let here = bytes.len() - *used;
        let count = usize::try_from(frame.left).map_or(here, |left| left.min(here));
        if count == 0 && frame.left > 0 {
            return Ok(Step::Starved);
        }
        let range = *used..*used + count;
        if let Some(key) = &mut frame.key {
            *key = mask(*key, &mut bytes[range.clone()]);
        }
        frame.left -= count as u64;
        *used += count;
        self.counted.bytes += count as u64;
        match frame.opcode {
            OpCode::Control(kind) => self.control_piece(kind, range, bytes),
            OpCode::Data(_) | OpCode::Continuation => self.data_piece(range, bytes),
        }
    }

    fn control_piece(
        &mut self,
        kind: Control,
        range: Range<usize>,
        bytes: &[u8],
    ) -> Result<Step, ProtocolError> {
        let over = self.frame.as_ref().is_some_and(|frame| frame.left == 0);
        if !over || self.control.is_some() {
            self.control
                .get_or_insert_with(|| Box::new(ControlPayload::EMPTY))
                .extend(&bytes[range.clone()]);
        }
        if !over {
            return Ok(Step::Again);
        }
        self.frame = None;
        self.counted.control += 1;
        let place = match self.control.take() {
            None => Place::Input(range),
            Some(payload) => {
                self.handover.hold_copy(&payload);
                Place::Held
            }
        };
        Ok(Step::Found(match kind {
            Control::Ping => Found::Ping(place),
            Control::Pong => Found::Pong(place),
            Control::Close => {
                let reason = parse_close(self.payload(&place, bytes))?;
                self.reading = Reading::Over;
                Found::Close(reason)
            }
        }))
    }

    fn data_piece(&mut self, range: Range<usize>, bytes: &[u8]) -> Result<Step, ProtocolError> {
        let end = self.end_of_piece();
        let Some(message) = &mut self.message else { return Ok(Step::Again) };
        if message.delivery == Delivery::Chunks {
            return self.chunk_piece(range, bytes, end);
        }
        message.payload.append(&bytes[range]);
        message.check()?;
        Ok(match end {
            End::More => Step::Again,
            End::Last => self.complete_held().map_or(Step::Again, Step::Found),
        })
    }

    /// Takes note of the end of a frame, and tells whether it ended its message.
    pub(super) fn end_of_piece(&mut self) -> End {
        match &self.frame {
            Some(Frame { left: 0, fin, .. }) => {
                let end = if *fin { End::Last } else { End::More };
                self.frame = None;
                end
            }
            _ => End::More,
        }
    }

    pub(super) fn complete_held(&mut self) -> Option<Found> {
        let Assembly { kind, packing, payload, .. } = *self.message.take()?;
        self.handover.hold(payload);
        self.counted.messages += 1;
        Some(Found::Message(Whole { kind, packing, place: Place::Held }))
    }

    /// A piece of a message that is handed out in chunks.
    fn chunk_piece(
        &mut self,
        range: Range<usize>,
        bytes: &[u8],
        end: End,
    ) -> Result<Step, ProtocolError> {
        let Some(message) = &mut self.message else { return Ok(Step::Again) };
        if message.packing == Packing::Deflated {
            message.payload.append(&bytes[range]);
            message.end = end;
            return Ok(Step::Again);
        }
        message.check_chunk(&bytes[range.clone()], end)?;
        let place = if message.payload.is_empty() {
            Place::Input(range.clone())
        } else {
            message.payload.append(&bytes[range.clone()]);
            self.handover.hold(core::mem::take(&mut message.payload));
            Place::Held
        };
        if range.is_empty() && place != Place::Held && end == End::More {
            return Ok(Step::Again);
        }
        Ok(Step::Found(self.chunk(place, end)))
    }

    /// The next chunk of a compressed message that is handed out in chunks.
    #[inline]
    fn inflate_chunk(&mut self) -> Result<Option<Found>, ProtocolError> {
        let Some(message) = &mut self.message else { return Ok(None) };
        let chunk = self.handover.inflate_chunk(message)?;
        Ok(chunk.map(|end| self.chunk(Place::Held, end)))
    }

    fn chunk(&mut self, place: Place, end: End) -> Found {
        let kind = self.message.as_ref().map_or(Kind::Binary, |message| message.kind);
        if end == End::Last {
            self.message = None;
            self.counted.messages += 1;
        }
        Found::Chunk(Piece { kind, place, end })
    }

    pub(super) fn failed(&mut self, error: ProtocolError) -> Found {
        self.reading = Reading::Over;
        self.message = None;
        self.frame = None;
        Found::Failed(error)
    }
}

fn packing(header: &FrameHeader) -> Packing {
    if header.rsv & RSV1 == 0 { Packing::Plain } else { Packing::Deflated }
}
