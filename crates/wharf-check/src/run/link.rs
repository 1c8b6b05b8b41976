//! An open connection: frames over a pipe.

use super::{
    codec::Codec,
    event::{Event, describe},
    facts::Facts,
    miss::Miss,
    pace::Pace,
    pipe::{Pipe, Waited},
    transcript::Actor,
};
use crate::{
    case::{
        message::{Kind, Message, Packing, Split},
        step::{Chunk, Delivery},
    },
    wire::{
        frame::{Frame, RSV1, opcode},
        read::{Reader, Received},
        role::Role,
    },
};
use std::collections::VecDeque;
use tokio::time::{Instant, sleep};

/// An open connection.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) pipe: Pipe,
    pub(crate) tester: Role,
    pub(crate) facts: Facts,
    pace: Pace,
    codec: Option<Codec>,
    reader: Reader,
    under_way: Option<UnderWay>,
    events: VecDeque<Event>,
    /// Payloads of the Pongs that the tester sent unasked.
    pub(crate) pongs: Vec<Vec<u8>>,
    /// Payloads of the target's Pongs that nothing waited for yet.
    pub(crate) early: Vec<Vec<u8>>,
    pub(crate) closing: Closing,
    /// The body of the first Close that the tester sent.
    pub(crate) closing_body: Option<Vec<u8>>,
    /// The rest of the frame that was begun.
    owed: Vec<u8>,
    /// What no RFC demands and the target did not do.
    pub(crate) lapse: Option<Miss>,
}

/// How far the closing handshake has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Closing {
    pub(crate) sent: Sent,
    pub(crate) came: Came,
}

/// Whether the tester sent a Close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Sent {
    #[default]
    Nothing,
    Close,
}

/// Whether the target sent a Close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Came {
    #[default]
    Nothing,
    Close,
}

/// A message whose end has not come.
#[derive(Debug)]
struct UnderWay {
    kind: Kind,
    packed: bool,
    bytes: Vec<u8>,
}

impl Link {
    /// Over this pipe; `codec` if compression was agreed.
    pub(crate) fn new(
        pipe: Pipe,
        tester: Role,
        pace: Pace,
        codec: Option<Codec>,
        facts: Facts,
    ) -> Self {
        let mut link = Self {
            pipe,
            tester,
            facts,
            pace,
            codec,
            reader: Reader::default(),
            under_way: None,
            events: VecDeque::new(),
            pongs: Vec::new(),
            early: Vec::new(),
            closing: Closing::default(),
            closing_body: None,
            owed: Vec::new(),
            lapse: None,
        };
        link.absorb();
        link
    }

    /// The bounds.
    pub(crate) const fn pace(&self) -> Pace {
        self.pace
    }

    /// Writes these.
    pub(crate) async fn send(&mut self, chunks: &[Chunk], delivery: Delivery) {
        if self.pipe.blocked.is_some() {
            self.pipe.transcript.note(Actor::Runner, "not sent, the stream is closed");
            return;
        }
        let mut notes = Vec::new();
        let mut bytes = Vec::new();
        for chunk in chunks {
            self.encode(chunk, &mut bytes, &mut notes);
        }
        let note = summary(&notes);
        match delivery {
            Delivery::Whole => self.write(&note, &bytes).await,
            Delivery::Every(size) => {
                for part in bytes.chunks(size) {
                    self.write(&note, part).await;
                    tokio::task::yield_now().await;
                }
            }
            Delivery::Slowly(size, apart) => {
                for part in bytes.chunks(size) {
                    self.write(&note, part).await;
                    sleep(apart).await;
                }
            }
        }
    }

    async fn write(&mut self, note: &str, bytes: &[u8]) {
        let until = Instant::now() + self.pace.bound_for(bytes.len());
        self.pipe.write(note, bytes, until).await;
        self.absorb();
    }

    fn encode(&mut self, chunk: &Chunk, bytes: &mut Vec<u8>, notes: &mut Vec<String>) {
        match chunk {
            Chunk::Frame(frame) => {
                self.remember(frame);
                notes.push(words(frame));
                bytes.extend(frame.bytes(self.tester));
            }
            Chunk::Many(frame, count) => {
                notes.push(format!("{count} times: {}", words(frame)));
                (0..*count).for_each(|_| bytes.extend(frame.bytes(self.tester)));
            }
            Chunk::Message(message) => {
                let frames = self.frames(message);
                notes.extend(frames.iter().map(words));
                frames.iter().for_each(|frame| bytes.extend(frame.bytes(self.tester)));
            }
            Chunk::Begun(frame, upto) => {
                let whole = frame.bytes(self.tester);
                let missing = frame.payload().len().saturating_sub(*upto);
                notes.push(format!("{}, without its last {missing} bytes", words(frame)));
                let (begun, rest) = whole.split_at(whole.len() - missing);
                bytes.extend(begun);
                self.owed = rest.to_vec();
            }
            Chunk::Rest => {
                notes.push(format!("the last {} bytes", self.owed.len()));
                bytes.append(&mut self.owed);
            }
            Chunk::Bytes(raw) => {
                notes.push(format!("{} bytes", raw.len()));
                bytes.extend(raw);
            }
        }
    }

    fn remember(&mut self, frame: &Frame) {
        match frame.first_byte() & 0xf {
            opcode::CLOSE => {
                self.closing.sent = Sent::Close;
                self.closing_body.get_or_insert_with(|| frame.payload().to_vec());
            }
            opcode::PONG => self.pongs.push(frame.payload().to_vec()),
            _ => {}
        }
    }

    fn frames(&mut self, message: &Message) -> Vec<Frame> {
        let payload = message.payload.to_vec();
        let (payload, bits) = match (&mut self.codec, message.packing) {
            (Some(codec), Packing::Deflated) => (codec.compress(&payload), RSV1),
            (None, Packing::Deflated) | (_, Packing::Plain) => (payload, 0),
        };
        let parts: Vec<&[u8]> = match message.split {
            Split::Every(size) if !payload.is_empty() => payload.chunks(size).collect(),
            Split::Every(_) | Split::Whole => vec![&payload],
        };
        let last = parts.len() - 1;
        let frame = |(index, part): (usize, &&[u8])| {
            let first = Frame::new(message.kind.opcode(), *part).reserved(bits);
            let frame = if index == 0 { first } else { Frame::new(opcode::CONTINUATION, *part) };
            if index == last { frame } else { frame.unfinished() }
        };
        parts.iter().enumerate().map(frame).collect()
    }

    /// Gives an event back, to be the next one again.
    pub(crate) fn unread(&mut self, event: Event) {
        self.events.push_front(event);
    }

    /// The next thing that the target does; `None` if nothing comes in time.
    pub(crate) async fn next(&mut self, until: Instant) -> Option<Event> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            if let Some(end) = self.pipe.ended {
                return Some(Event::End(end));
            }
            if self.pipe.read(until).await == Waited::InVain {
                return None;
            }
            self.absorb();
        }
    }

    fn absorb(&mut self) {
        let bytes = std::mem::take(&mut self.pipe.inbox);
        self.reader.push(&bytes);
        let mut parts = Vec::new();
        loop {
            match self.reader.next() {
                Ok(Some(frame)) => {
                    parts.push(describe(&frame));
                    self.take(frame);
                }
                Ok(None) => break,
                Err(too_long) => {
                    self.events
                        .push_back(Event::Broken(format!("a frame of {} bytes", too_long.0)));
                    break;
                }
            }
        }
        if !bytes.is_empty() {
            if !self.reader.rest().is_empty() {
                parts.push("the beginning of a frame".to_owned());
            }
            self.pipe.transcript.bytes(Actor::Target, summary(&parts), &bytes);
        }
    }

    fn take(&mut self, frame: Received) {
        let owned = if self.codec.is_some() { RSV1 } else { 0 };
        self.facts.frame(&frame, owned);
        let event = match frame.opcode() {
            opcode::PING => Some(Event::Ping(frame.payload)),
            opcode::PONG => Some(Event::Pong(frame.payload)),
            opcode::CLOSE => {
                self.closing.came = Came::Close;
                Some(Event::Close(frame.payload))
            }
            opcode::CONTINUATION | opcode::TEXT | opcode::BINARY => self.assemble(frame),
            other => Some(Event::Broken(format!("a frame with the opcode {other}"))),
        };
        self.events.extend(event);
    }

    fn assemble(&mut self, frame: Received) -> Option<Event> {
        let is_final = frame.is_final();
        let mut under_way = match (self.under_way.take(), kind(frame.opcode())) {
            (Some(mut under_way), None) => {
                under_way.bytes.extend(frame.payload);
                under_way
            }
            (None, Some(kind)) => {
                let packed = frame.reserved() & RSV1 != 0;
                UnderWay { kind, packed, bytes: frame.payload }
            }
            (Some(_), Some(_)) => {
                return Some(Event::Broken("a message inside another".to_owned()));
            }
            (None, None) => return Some(Event::Broken("a continuation of nothing".to_owned())),
        };
        if !is_final {
            self.under_way = Some(under_way);
            return None;
        }
        if under_way.packed {
            match self.inflate(&under_way.bytes) {
                Ok(bytes) => under_way.bytes = bytes,
                Err(told) => return Some(Event::Broken(told)),
            }
        }
        let UnderWay { kind, packed, bytes } = under_way;
        Some(Event::Message { kind, bytes, packed })
    }

    fn inflate(&mut self, payload: &[u8]) -> Result<Vec<u8>, String> {
        let codec = self.codec.as_mut().ok_or("a compressed message that nobody agreed on")?;
        codec.inflate(payload).map_err(|flaw| format!("a compressed message: {flaw}"))
    }
}

const fn kind(code: u8) -> Option<Kind> {
    match code {
        opcode::TEXT => Some(Kind::Text),
        opcode::BINARY => Some(Kind::Binary),
        _ => None,
    }
}

fn words(frame: &Frame) -> String {
    let head = super::event::describe_first(frame.first_byte());
    format!("{head}, {} bytes", frame.payload().len())
}

fn summary(notes: &[String]) -> String {
    match notes {
        [] => "nothing".to_owned(),
        [first, .., last] if notes.len() > 6 => {
            format!("{} frames, from {first} to {last}", notes.len())
        }
        _ => notes.join(" · "),
    }
}
