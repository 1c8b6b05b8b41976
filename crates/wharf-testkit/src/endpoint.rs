//! One end under test, with a raw peer.

use crate::{
    cuts::pieces,
    wire::{Frame, join, read_frames},
};
use bytes::{Buf, BufMut};
use std::{io::IoSlice, sync::Arc, time::Duration};
use wharf_proto::{
    Agreement, CloseReason, Config, Connection, Delivery, End, Event, Input, Kind, MessageRef, Now,
    Outgoing, ProtocolError, Role, Shutdown, WhyNot,
};

/// An event that owns what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Got {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// A piece of a message.
    Chunk(Kind, Vec<u8>, End),
    /// A Ping.
    Ping(Vec<u8>),
    /// A Pong.
    Pong(Vec<u8>),
    /// A Close: its code and reason.
    Close(Option<(u16, String)>),
    /// The peer broke a rule.
    Failed(ProtocolError),
}

/// How an outbox is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    /// One slice per write, at most so many bytes of it.
    Single(usize),
    /// As many slices as there are, at most so many bytes of them.
    Vectored(usize),
}

/// A connection, its clock, and what it told to do.
#[derive(Debug)]
pub struct Endpoint {
    /// The connection under test.
    pub connection: Connection,
    role: Role,
    now: Now,
    got: Vec<Got>,
    shutdowns: Vec<Shutdown>,
}

/// The key of a raw peer that is a client.
const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

impl Endpoint {
    /// An end with default limits and no extension.
    pub fn new(role: Role) -> Self {
        Self::with(role, &Agreement::default(), Config::new(role))
    }

    /// An end with default limits and no extension.
    pub fn server() -> Self {
        Self::new(Role::Server)
    }

    /// An end with default limits and no extension.
    pub fn client() -> Self {
        Self::new(Role::Client)
    }

    /// An end that agreed on this.
    pub fn with(role: Role, agreed: &Agreement, config: Config) -> Self {
        let now = Now::new(Duration::from_secs(1000));
        let connection = Connection::new(role, agreed, Arc::new(config), [7; 32], now);
        Self { connection, role, now, got: Vec::new(), shutdowns: Vec::new() }
    }

    /// What time it is here.
    pub const fn now(&self) -> Now {
        self.now
    }

    /// Sets the clock, without looking at deadlines.
    pub fn set_now(&mut self, now: Now) {
        self.now = now;
    }

    /// Bytes come, in one piece; what they hold.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Got> {
        self.feed_cut(bytes, &[])
    }

    /// Bytes come, cut at these places.
    pub fn feed_cut(&mut self, bytes: &[u8], cuts: &[usize]) -> Vec<Got> {
        for piece in pieces(bytes, cuts) {
            self.receive(piece);
        }
        std::mem::take(&mut self.got)
    }

    /// Frames come, masked if this end is a server and they are not yet.
    pub fn feed_frames(&mut self, frames: &[Frame]) -> Vec<Got> {
        self.feed(&self.on_wire(frames))
    }

    /// Bytes come by reads of at most `most` bytes, straight into the message where the core asks for that.
    /// Also tells how many bytes came that way.
    pub fn feed_landing(&mut self, mut bytes: &[u8], most: usize) -> (Vec<Got>, usize) {
        let mut landed = 0;
        while !bytes.is_empty() {
            let most = most.min(bytes.len());
            let count = match self.connection.landing() {
                None => {
                    self.receive(bytes[..most].to_vec());
                    most
                }
                Some(mut tail) => {
                    let count = most.min(tail.remaining_mut());
                    tail.put_slice(&bytes[..count]);
                    let event = self.connection.landed(count, self.now).map(Got::of);
                    self.got.extend(event);
                    landed += count;
                    count
                }
            };
            bytes = &bytes[count..];
        }
        (std::mem::take(&mut self.got), landed)
    }

    /// These frames as a peer of this end puts them on the wire.
    pub fn on_wire(&self, frames: &[Frame]) -> Vec<u8> {
        let masked = |frame: &Frame| match (self.role, frame.key) {
            (Role::Server, None) => frame.clone().masked(KEY),
            (Role::Server, Some(_)) | (Role::Client, _) => frame.clone(),
        };
        join(&frames.iter().map(masked).collect::<Vec<_>>())
    }

    /// The input ends.
    pub fn eof(&mut self) {
        self.connection.handle_eof(self.now);
        self.obey();
    }

    /// How messages come.
    pub fn deliver(&mut self, delivery: Delivery) {
        self.connection.set_delivery(delivery);
    }

    /// Sends, or tells why not.
    pub fn send<'a>(&mut self, message: impl Into<Outgoing<'a>>) -> Result<(), WhyNot> {
        self.connection.send(message, self.now).map_err(|not| not.reason)
    }

    /// Closes.
    pub fn close(&mut self, reason: impl Into<Option<CloseReason>>) {
        self.connection.close(reason, self.now);
    }

    /// Writes once.
    pub fn write(&mut self, writes: Writes) -> Vec<u8> {
        let outbox = self.connection.outbox();
        let mut bytes = Vec::new();
        match writes {
            Writes::Single(most) => take(outbox.chunk(), most, &mut bytes),
            Writes::Vectored(most) => {
                let mut slices = [IoSlice::new(&[]); 64];
                let filled = outbox.chunks_vectored(&mut slices);
                slices[..filled].iter().for_each(|slice| take(slice, most, &mut bytes));
            }
        }
        self.connection.on_written(bytes.len(), self.now);
        self.obey();
        bytes
    }

    /// Writes all, in writes of this kind.
    pub fn drain_by(&mut self, writes: Writes) -> Vec<u8> {
        let mut all = Vec::new();
        while self.connection.outbox().has_remaining() {
            let written = self.write(writes);
            assert!(!written.is_empty(), "bytes wait and none is offered");
            all.extend(written);
        }
        self.obey();
        all
    }

    /// Writes all.
    pub fn drain(&mut self) -> Vec<u8> {
        self.drain_by(Writes::Single(usize::MAX))
    }

    /// Writes all; the frames.
    pub fn drain_frames(&mut self) -> Vec<Frame> {
        let bytes = self.drain();
        let (frames, rest) = read_frames(&bytes);
        assert!(rest.is_empty(), "an end writes whole frames, and left {rest:02x?}");
        frames
    }

    /// Writes all; the frames without their keys, so that both roles' can be compared.
    pub fn drain_plain(&mut self) -> Vec<Frame> {
        let frames = self.drain_frames().into_iter();
        frames.map(|frame| Frame { key: None, ..frame }).collect()
    }

    /// Lets time pass; every deadline on the way is met at its moment.
    pub fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        let mut fired = 0;
        while let Some(deadline) = self.connection.deadline().filter(|deadline| *deadline <= until)
        {
            fired += 1;
            assert!(fired < 1000, "a deadline that does not move: {deadline:?}");
            self.now = self.now.max(deadline);
            self.connection.handle_timeout(self.now);
            self.obey();
        }
        self.now = until;
    }

    /// What the transport was told to do, in order.
    pub fn shutdowns(&self) -> &[Shutdown] {
        &self.shutdowns
    }

    /// The same, but since the last call only.
    pub fn take_shutdowns(&mut self) -> Vec<Shutdown> {
        self.obey();
        std::mem::take(&mut self.shutdowns)
    }

    fn receive(&mut self, mut bytes: Vec<u8>) {
        let mut input = Input::new(&mut bytes);
        while let Some(event) = self.connection.receive(&mut input, self.now) {
            self.got.push(Got::of(event));
        }
        assert_eq!(input.remaining(), 0, "input is used up");
        self.obey();
    }

    fn obey(&mut self) {
        self.shutdowns.extend(self.connection.poll_shutdown());
    }
}

impl Got {
    /// A copy of an event.
    ///
    /// # Panics
    /// On an event of a kind that this kit does not know yet.
    #[expect(clippy::wildcard_enum_match_arm, reason = "events may be added; a test must notice")]
    pub fn of(event: Event<'_>) -> Self {
        match event {
            Event::Message(MessageRef::Text(text)) => Self::Text(text.into()),
            Event::Message(MessageRef::Binary(bytes)) => Self::Binary(bytes.into()),
            Event::Chunk(kind, bytes, end) => Self::Chunk(kind, bytes.into(), end),
            Event::Ping(payload) => Self::Ping(payload.into()),
            Event::Pong(payload) => Self::Pong(payload.into()),
            Event::Close(reason) => {
                Self::Close(reason.map(|reason| (reason.code().get(), reason.text().into())))
            }
            Event::Failed(error) => Self::Failed(error),
            other => panic!("the kit does not know {other:?}"),
        }
    }

    /// Chunks joined: the same events as if messages had come whole, as far as they are complete. What came
    /// of a message that was never completed is left out, as it is then.
    pub fn join_chunks(events: Vec<Self>) -> Vec<Self> {
        let (mut joined, mut under_way) = (Vec::new(), Vec::new());
        for event in events {
            let Self::Chunk(kind, bytes, end) = event else {
                joined.push(event);
                continue;
            };
            under_way.extend(bytes);
            if end == End::Last {
                joined.push(Self::whole(kind, std::mem::take(&mut under_way)));
            }
        }
        joined
    }

    fn whole(kind: Kind, bytes: Vec<u8>) -> Self {
        match kind {
            Kind::Text => Self::Text(String::from_utf8(bytes).expect("the core checks every text")),
            Kind::Binary => Self::Binary(bytes),
        }
    }
}

/// Appends `slice` to `bytes`, as far as these are at most `most` then.
fn take(slice: &[u8], most: usize, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&slice[..slice.len().min(most - bytes.len())]);
}
