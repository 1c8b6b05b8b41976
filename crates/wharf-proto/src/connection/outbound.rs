//! The half that writes: messages in, bytes out; it also closes, and watches for signs of life.

use super::{
    closing::{Closing, Reply, Shutdown, Written},
    ending::Ending,
    fault::Fault,
    found::End,
    keepalive::{Due, KeepAlive, PingId, Queued},
    keys::MaskKeys,
    lifetime::Lifetime,
    outbox::{COPIED, Outbox},
    overloaded::Overload,
    packer::Packer,
    refusal::{NotSent, WhyNot},
    stats::Sent,
    writing::Writing,
};
use crate::{
    close::{CloseCode, CloseReason},
    config::Config,
    error::{ProtocolError, Silence},
    frame::{
        control::{ControlFrame, ControlPayload},
        header::FrameHeader,
        opcode::{Control, OpCode},
    },
    handshake::agreement::Agreement,
    message::{
        outgoing::{Compress, Outgoing, Payload},
        types::Kind,
    },
    role::Role,
    time::Now,
};
use alloc::{boxed::Box, sync::Arc};
use bytes::Buf;
use core::time::Duration;

/// Encodes what the user sends, answers what the peer asks, and ends the connection.
///
/// **After any call that takes `&mut self`: write the [`outbox`](Self::outbox), obey
/// [`poll_shutdown`](Self::poll_shutdown), arm the [`deadline`](Self::deadline); only then wait.**
#[derive(Debug)]
pub struct Outbound {
    pub(super) config: Arc<Config>,
    role: Role,
    keys: MaskKeys,
    outbox: Outbox,
    closing: Closing,
    pub(super) alive: KeepAlive,
    lifetime: Lifetime,
    writing: Writing,
    /// In a box: most connections have none.
    fault: Option<Box<Fault>>,
    packer: Packer,
    counted: Counted,
    /// In a box: most ends keep pace.
    pub(super) overload: Option<Box<Overload>>,
}

/// What went so far.
#[derive(Debug, Default)]
struct Counted {
    messages: u64,
    bytes: u64,
    wire_bytes: u64,
}

impl Outbound {
    /// The writing half of an end in this role. `seed` must come from a strong source of entropy: a
    /// client's masking keys are made from it (RFC 6455 §10.3); a server does not use it.
    pub fn new(
        role: Role,
        agreed: &Agreement,
        config: Arc<Config>,
        seed: [u8; 32],
        now: Now,
    ) -> Self {
        let packer = Packer::new(role, agreed, &config);
        let lifetime = Lifetime::new(&config.timeouts, now);
        Self {
            config,
            role,
            keys: MaskKeys::new(role, seed),
            outbox: Outbox::default(),
            closing: Closing::Open,
            alive: KeepAlive::new(now),
            lifetime,
            writing: Writing::Nothing,
            fault: None,
            packer,
            counted: Counted::default(),
            overload: None,
        }
    }

    /// Spreads the ends of those who began together: `random` says how much of
    /// [`Timeouts::lifetime_jitter`](crate::Timeouts::lifetime_jitter) is taken off this one's lifetime. Once,
    /// when it is opened.
    pub fn shorten_lifetime(&mut self, random: u32) {
        self.lifetime.shorten(&self.config.timeouts, random);
    }

    // What the world tells.

    /// Bytes came: the peer lives. Once per read is enough.
    pub fn on_bytes(&mut self, now: Now) {
        self.alive.on_received(now);
    }

    /// A Ping came: it is answered, unless a Close was received (RFC 6455 §5.5.2). Of more than
    /// 32 that wait the latest is answered (§5.5.3).
    pub fn on_ping(&mut self, payload: &[u8], now: Now) {
        if let (true, Ok(payload)) = (self.closing.answers_pings(), ControlPayload::new(payload)) {
            let pong = self.control(Control::Pong, &payload, now);
            self.outbox.push_pong(pong);
        }
    }

    /// A Pong came: how long the answer took, if it answers our latest Ping.
    pub fn on_pong(&mut self, payload: &[u8], now: Now) -> Option<Duration> {
        self.alive.on_pong(payload, now)
    }

    /// A Close came: it is answered, if it is no answer itself (RFC 6455 §5.5.1).
    pub fn on_close(&mut self, reason: Option<CloseReason>, now: Now) {
        let until = now + self.config.timeouts.close;
        if let Reply::Close(reason) = self.closing.on_close(reason, self.role, until) {
            self.push_close(reason.as_ref(), now);
            // RFC 6455 §5.5.2 asks for no Pong once a Close came, and nothing is to follow our answer.
            self.outbox.drop_controls_behind();
        }
    }

    /// The input ended.
    pub fn on_eof(&mut self, _now: Now) {
        self.closing.on_eof(self.written());
    }

    /// The transport takes no more bytes: what waits is lost. What the peer has sent can still be read.
    pub fn on_write_failed(&mut self, now: Now) {
        self.outbox.clear();
        self.closing.lose_output(now + self.config.timeouts.close);
    }

    /// The peer broke a rule: a Close tells it which kind, and the connection ends (RFC 6455 §7.1.7). What
    /// was accepted before goes out first.
    pub fn fail(&mut self, error: ProtocolError, now: Now) {
        let code = error.close_code();
        self.fail_with(Fault::Protocol(error), code, now);
    }

    /// The [`deadline`](Self::deadline) has come; harmless if it has not.
    pub fn handle_timeout(&mut self, now: Now) {
        if self.resume_at().is_some_and(|at| at <= now) {
            self.resume();
        }
        self.closing.on_timeout(now, self.written());
        if self.closing.is_open() && self.lifetime.is_over(now) {
            let reason = CloseReason::truncated(CloseCode::GOING_AWAY, "maximum lifetime");
            self.close(Some(reason), now);
        }
        let queued = self.queued_for_alive();
        match self.alive.due(&self.config.timeouts, queued, now) {
            Due::Nothing => {}
            Due::GiveUp(Silence::WriteStall) => self.cut(Silence::WriteStall),
            // The closing handshake has its own deadline.
            Due::Ping | Due::GiveUp(_) if !self.closing.is_open() => {}
            Due::Ping => {
                self.ping(now);
            }
            Due::GiveUp(silence) => {
                let code = if silence == Silence::Idle {
                    CloseCode::GOING_AWAY
                } else {
                    CloseCode::INTERNAL_ERROR
                };
                self.fail_with(Fault::Silence(silence), code, now);
            }
        }
    }

    // What the user commands.

    /// Accepts a message whole, or gives it back; if there is no room, does as
    /// [`Limits::on_full`](crate::Limits::on_full) says. Costs one copy of a payload up to 16 KiB; a longer one
    /// that is shared goes out as it is from a server, and masked in place from a client that alone holds it.
    #[inline(always)]
    pub fn send<'a>(
        &mut self,
        message: impl Into<Outgoing<'a>>,
        now: Now,
    ) -> Result<(), NotSent<'a>> {
        let Outgoing { kind, payload, compress } = message.into();
        if let Some(reason) = self.refusal(payload.len()) {
            return self.turn_away(reason, Outgoing { kind, payload, compress }, now);
        }
        self.on_queue(now);
        self.counted.messages += 1;
        self.counted.bytes += payload.len() as u64;
        if payload.len() <= COPIED && self.goes_as_it_is(payload.len(), compress) {
            let header = self.header(End::Last, 0, OpCode::Data(kind), payload.len());
            self.outbox.push_copied(&header, payload.as_slice());
        } else {
            self.pack(kind, payload, compress);
        }
        Ok(())
    }

    /// Whether a message becomes one frame with the payload that it has.
    #[inline]
    fn goes_as_it_is(&self, len: usize, compress: Compress) -> bool {
        let plain = compress == Compress::Never || !self.packer.compresses();
        plain && len <= self.config.fragment.unwrap_or(usize::MAX)
    }

    #[inline(never)]
    fn pack(&mut self, kind: Kind, payload: Payload<'_>, compress: Compress) {
        let (payload, rsv) = self.packer.message(payload, compress);
        self.push_message(kind, rsv, payload);
    }

    /// Begins a message whose length is not known, to be written by [`write_fragment`](Self::write_fragment).
    /// Until it is finished no other message is accepted; control frames pass (RFC 6455 §5.4).
    pub fn begin_message(&mut self, kind: Kind) -> Result<(), WhyNot> {
        match self.refusal(0) {
            Some(reason) => Err(reason),
            None => {
                self.writing = Writing::begin(kind);
                Ok(())
            }
        }
    }

    /// Writes the next fragment, or tells why not, and then nothing of it was sent. A text is checked: a
    /// fragment may end inside a code point, a message may not (RFC 6455 §5.6).
    pub fn write_fragment(&mut self, bytes: &[u8], end: End, now: Now) -> Result<(), WhyNot> {
        if !self.closing.is_open() {
            return Err(WhyNot::Closed);
        }
        if !self.has_room(bytes.len()) {
            return Err(WhyNot::Full);
        }
        let opcode = self.writing.next(bytes, end)?;
        self.on_queue(now);
        self.counted.bytes += bytes.len() as u64;
        self.counted.messages += u64::from(end == End::Last);
        let (payload, packed) = self.packer.part(bytes, end);
        let rsv = if opcode == OpCode::Continuation { 0 } else { packed };
        self.push_frame(end, rsv, opcode, payload);
        Ok(())
    }

    /// Gives up a message that was begun and not finished. If nothing of it was sent nothing happens; else
    /// the connection is closed, because the peer could not tell the message from a whole one.
    pub fn abandon_message(&mut self, now: Now) {
        let inside = self.writing.is_inside();
        self.writing = Writing::Nothing;
        if inside {
            let code = match self.role {
                Role::Client => CloseCode::GOING_AWAY,
                Role::Server => CloseCode::INTERNAL_ERROR,
            };
            self.close(Some(CloseReason::truncated(code, "message abandoned")), now);
        }
    }

    /// Sends a Ping that measures the round trip; `None` after a Close. It goes ahead of data.
    pub fn ping(&mut self, now: Now) -> Option<PingId> {
        if !self.closing.is_open() {
            return None;
        }
        let id = self.alive.ask(now);
        let mut payload = ControlPayload::EMPTY;
        payload.extend(&id.payload());
        let ping = self.control(Control::Ping, &payload, now);
        self.outbox.push_ping(ping);
        Some(id)
    }

    /// Sends a Close behind what is queued, and accepts no more messages. Does nothing after a first Close.
    pub fn close(&mut self, reason: Option<CloseReason>, now: Now) {
        if self.closing.is_open() {
            self.closing.close(now + self.config.timeouts.close);
            self.push_close(reason.as_ref(), now);
        }
    }

    // What the caller must do next.

    /// Bytes to write. Report what was written by [`on_written`](Self::on_written).
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// The transport took `count` bytes of the [`outbox`](Self::outbox).
    pub fn on_written(&mut self, count: usize, now: Now) {
        self.outbox.advance(count);
        self.counted.wire_bytes += count as u64;
        self.alive.on_progress(now);
    }

    /// What to do with the transport; ask again after each change.
    pub fn poll_shutdown(&mut self) -> Option<Shutdown> {
        let ended = self.closing.ending().is_some();
        if ended || self.outbox.is_empty() { self.closing.poll_shutdown() } else { None }
    }

    /// When to call [`handle_timeout`](Self::handle_timeout). Traffic moves it without a sound: when an
    /// armed timer fires, call, ask again, and arm what is then due.
    pub fn deadline(&self) -> Option<Now> {
        let (timeouts, queued) = (&self.config.timeouts, self.queued_for_alive());
        let alive = if self.closing.is_open() {
            let alive = self.alive.deadline(timeouts, queued);
            [alive, self.lifetime.deadline()].into_iter().flatten().min()
        } else {
            self.alive.stall_at(timeouts, queued)
        };
        [self.closing.deadline(), alive, self.resume_at()].into_iter().flatten().min()
    }

    /// Whether nothing but signs of life is awaited: no closing handshake, no Pong, no progress in writing.
    /// As long as that holds, traffic moves the [`deadline`](Self::deadline) away and nothing brings it
    /// nearer.
    #[inline]
    pub fn is_calm(&self) -> bool {
        let calm = self.closing.is_open() && !self.alive.is_asking() && self.outbox.is_empty();
        calm && self.resume_at().is_none()
    }

    // What there is to know.

    /// How the connection ended, once it has.
    pub fn ending(&self) -> Option<&Ending> {
        self.closing.ending()
    }

    /// Why the connection failed, if it did.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_deref()
    }

    /// Whether messages are still accepted.
    pub fn is_open(&self) -> bool {
        self.closing.is_open()
    }

    /// Whether a message of this length would be accepted now.
    #[inline]
    pub fn refusal(&self, len: usize) -> Option<WhyNot> {
        if !self.closing.is_open() {
            Some(WhyNot::Closed)
        } else if !self.writing.is_nothing() {
            Some(WhyNot::Busy)
        } else {
            (!self.has_room(len)).then_some(WhyNot::Full)
        }
    }

    /// Bytes that wait, headers among them.
    pub fn queued_bytes(&self) -> usize {
        self.outbox.len()
    }

    /// How long the answer to this Ping took, once it, or a later one, was answered.
    pub fn round_trip(&self, ping: PingId) -> Option<Duration> {
        self.alive.round_trip(ping)
    }

    /// What went so far.
    pub fn stats(&self) -> Sent {
        let Counted { messages, bytes, wire_bytes } = self.counted;
        let (deflated, round_trip) = (self.packer.deflated(), self.alive.last_round_trip());
        Sent { messages, bytes, dropped: self.dropped(), wire_bytes, deflated, round_trip }
    }

    /// What it goes by.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The end this is.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Whether so many more bytes may be queued.
    #[inline]
    pub fn has_room(&self, len: usize) -> bool {
        let queued = self.outbox.data_len();
        queued == 0 || queued.saturating_add(len) <= self.config.limits.outbox
    }

    fn push_message(&mut self, kind: Kind, rsv: u8, payload: Payload<'_>) {
        let len = payload.len();
        match self.config.fragment {
            Some(most) if len > most.max(1) => self.push_fragments(kind, rsv, payload, most.max(1)),
            _ => self.push_frame(End::Last, rsv, OpCode::Data(kind), payload),
        }
    }

    /// RFC 7692 §6.1: a compressed message is split after it was compressed.
    fn push_fragments(&mut self, kind: Kind, mut rsv: u8, mut payload: Payload<'_>, most: usize) {
        let mut opcode = OpCode::Data(kind);
        while payload.len() > most {
            let piece = payload.split_to(most);
            self.push_frame(End::More, rsv, opcode, piece);
            (rsv, opcode) = (0, OpCode::Continuation);
        }
        self.push_frame(End::Last, rsv, opcode, payload);
    }

    #[inline]
    fn push_frame(&mut self, end: End, rsv: u8, opcode: OpCode, payload: Payload<'_>) {
        let header = self.header(end, rsv, opcode, payload.len());
        match payload {
            Payload::Shared(bytes) if bytes.len() > COPIED => {
                self.outbox.push_shared(&header, bytes)
            }
            Payload::Lent(bytes) => self.outbox.push_copied(&header, bytes),
            Payload::Shared(bytes) => self.outbox.push_copied(&header, &bytes),
        }
    }

    #[inline]
    fn header(&mut self, end: End, rsv: u8, opcode: OpCode, len: usize) -> FrameHeader {
        let (fin, key) = (end == End::Last, self.keys.next());
        FrameHeader { fin, rsv, opcode, key, len: len as u64 }
    }

    fn push_close(&mut self, reason: Option<&CloseReason>, now: Now) {
        let frame = self.control(Control::Close, &ControlPayload::of_close(reason), now);
        self.outbox.push_control(&frame);
    }

    pub(super) fn control(
        &mut self,
        kind: Control,
        payload: &ControlPayload,
        now: Now,
    ) -> ControlFrame {
        self.on_queue(now);
        ControlFrame::new(kind, payload, self.keys.next())
    }

    fn fail_with(&mut self, fault: Fault, code: CloseCode, now: Now) {
        if self.fault.is_some() || self.closing.ending().is_some() {
            return;
        }
        if self.closing.is_open() {
            // What was accepted before still goes out: it was a whole answer to whole messages.
            let reason = CloseReason::truncated(code, &alloc::format!("{fault}"));
            self.push_close(Some(&reason), now);
        }
        self.fault = Some(Box::new(fault));
        self.closing.fail(now + self.config.timeouts.close);
    }

    /// Nothing can be told to a peer that takes no bytes.
    fn cut(&mut self, silence: Silence) {
        self.fault.get_or_insert_with(|| Box::new(Fault::Silence(silence)));
        self.outbox.clear();
        self.closing.on_eof(Written::Part);
    }

    /// Bytes are queued: the transport owes progress from now on.
    #[inline]
    fn on_queue(&mut self, now: Now) {
        if self.outbox.is_empty() {
            self.alive.on_progress(now);
        }
    }

    fn queued_for_alive(&self) -> Queued {
        let waits = !self.outbox.is_empty() && self.closing.ending().is_none();
        if waits { Queued::Bytes } else { Queued::Nothing }
    }

    fn written(&self) -> Written {
        if self.outbox.is_empty() { Written::All } else { Written::Part }
    }
}
