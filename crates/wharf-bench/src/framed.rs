//! A connection whose messages are read one by one.

use crate::{
    flow::Flow,
    payload::number_of,
    plan::Load,
    stream::Stream,
    tally::Tally,
    tools::Tools,
    trouble::{Trouble, TroubleKind},
};
use bytes::Buf;
use std::{mem, sync::Arc};
use wharf_proto::{
    Agreement, Bytes, CloseReason, Connection, Event, Input, Kind, MessageRef, Now, Role,
};

/// An open connection with all rules of the protocol.
#[derive(Debug)]
pub(crate) struct Framed {
    connection: Connection,
    pub(crate) agreed: Agreement,
    /// What this connection is for.
    part: Part,
    /// Bytes that came.
    pub(crate) bytes: usize,
}

/// Which messages a connection receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Its own.
    Echo,
    /// None that count.
    Publisher,
    /// Those that were published, in order; this one is next.
    Subscriber(u64),
}

impl Framed {
    pub(crate) fn new(
        agreed: Agreement,
        part: Part,
        tools: &Tools,
        seed: [u8; 32],
        now: Now,
    ) -> Self {
        let config = Arc::clone(&tools.plan.target.config);
        let connection = Connection::new(Role::Client, &agreed, config, seed, now);
        Self { connection, agreed, part, bytes: 0 }
    }

    pub(crate) const fn part(&self) -> Part {
        self.part
    }

    /// Whether nothing is begun: neither a message that comes nor bytes that go.
    pub(crate) fn is_between(&mut self) -> bool {
        self.connection.inbound().is_between_messages() && self.connection.outbox().is_empty()
    }

    /// Sends what is due.
    pub(crate) fn send(
        &mut self,
        flow: &mut Flow,
        stream: &mut Stream,
        tools: &mut Tools,
        tally: &mut Tally,
        now: Now,
    ) -> Result<(), Trouble> {
        let due = flow.due(now);
        for _ in 0..due {
            let (number, len) = (flow.next_number(), tools.next_len());
            if self.part == Part::Publisher {
                tools.fan.published(flow.since(number, now), tools.receivers);
            }
            let sent = self.connection.send(tools.message(number, len), now);
            sent.map_err(|refused| Trouble::new(TroubleKind::Closed, refused.to_string()))?;
            flow.sent(1, len, now);
            tally.sent(1);
        }
        self.write(stream, now)
    }

    /// Writes until there is no room.
    pub(crate) fn write(&mut self, stream: &mut Stream, now: Now) -> Result<(), Trouble> {
        let mut write = || {
            while self.connection.outbox().has_remaining() {
                match stream.write(self.connection.outbox().chunk())? {
                    0 => break,
                    count => self.connection.on_written(count, now),
                }
            }
            stream.flush()
        };
        write().map_err(|error| Trouble::io(&error))
    }

    /// Bytes that came with the handshake.
    pub(crate) fn take_leftover(
        &mut self,
        leftover: Bytes,
        flow: &mut Flow,
        tools: &mut Tools,
        tally: &mut Tally,
        now: Now,
    ) -> Result<(), Trouble> {
        self.bytes += leftover.len();
        self.digest(&mut Vec::from(leftover), flow, tools, tally, now)
    }

    /// Reads until nothing is left.
    pub(crate) fn receive(
        &mut self,
        flow: &mut Flow,
        stream: &mut Stream,
        tools: &mut Tools,
        tally: &mut Tally,
        now: Now,
    ) -> Result<(), Trouble> {
        let mut read = mem::take(&mut tools.read);
        let outcome = loop {
            match stream.read(&mut read) {
                Ok(None) => break Ok(()),
                Ok(Some(0)) => break Err(ended()),
                Ok(Some(got)) => {
                    self.bytes += got;
                    if let Err(trouble) = self.digest(&mut read[..got], flow, tools, tally, now) {
                        break Err(trouble);
                    }
                }
                Err(error) => break Err(Trouble::io(&error)),
            }
        };
        tools.read = read;
        outcome
    }

    fn digest(
        &mut self,
        bytes: &mut [u8],
        flow: &mut Flow,
        tools: &mut Tools,
        tally: &mut Tally,
        now: Now,
    ) -> Result<(), Trouble> {
        let mut input = Input::new(bytes);
        while let Some(event) = self.connection.receive(&mut input, now) {
            match event {
                Event::Message(message) => match &mut self.part {
                    Part::Echo => echoed(message, flow, tools, tally, now)?,
                    Part::Publisher => {}
                    Part::Subscriber(next) => *next = fanned(message, *next, tools, tally, now)?,
                },
                Event::Close(reason) => return Err(closed(reason.as_ref())),
                Event::Failed(error) => {
                    return Err(Trouble::new(TroubleKind::Protocol, error.to_string()));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn ended() -> Trouble {
    Trouble::new(TroubleKind::Closed, "the server ended the connection")
}

fn closed(reason: Option<&CloseReason>) -> Trouble {
    let why = reason.map_or_else(|| "without a code".to_owned(), |reason| format!("with {reason}"));
    Trouble::new(TroubleKind::Closed, format!("the server closed {why}"))
}

/// The answer to the message that waits longest.
fn echoed(
    message: MessageRef<'_>,
    flow: &mut Flow,
    tools: &Tools,
    tally: &mut Tally,
    now: Now,
) -> Result<(), Trouble> {
    let wrong = |what: &str| Trouble::new(TroubleKind::Wrong, what);
    let (number, len) =
        flow.next_answer().ok_or_else(|| wrong("a message came that is no answer"))?;
    if kind(message) != tools.plan.payload.kind {
        return Err(wrong("text came back as binary, or binary as text"));
    }
    if !tools.is_message(number, len, message.as_bytes()) {
        return Err(wrong(
            if matches!(tools.plan.load, Load::Echo | Load::Idle(_))
                && message.as_bytes().len() != len
            {
                "an answer has another length than the message: is this an echo?"
            } else {
                "an answer differs from the message: is this an echo?"
            },
        ));
    }
    let record = |latency, count| tally.received(latency, count, len, now);
    flow.answered(1, now, record).map_err(|_| wrong("a message came that is no answer"))
}

/// The message that was published: the number of the next one.
fn fanned(
    message: MessageRef<'_>,
    next: u64,
    tools: &mut Tools,
    tally: &mut Tally,
    now: Now,
) -> Result<u64, Trouble> {
    let bytes = message.as_bytes();
    let Some(number) = number_of(bytes).filter(|_| kind(message) == tools.plan.payload.kind) else {
        return Err(Trouble::new(TroubleKind::Wrong, "a message came that was not published"));
    };
    if number != next || !tools.is_message(number, bytes.len(), bytes) {
        let text = "a message is missing, came twice, out of order, or changed";
        return Err(Trouble::new(TroubleKind::Wrong, text));
    }
    let Some((latency, settled)) = tools.fan.received(number, now) else {
        return Err(Trouble::new(TroubleKind::Wrong, "a message came twice"));
    };
    tools.fanned += settled;
    tally.received(latency, 1, bytes.len(), now);
    Ok(next + 1)
}

const fn kind(message: MessageRef<'_>) -> Kind {
    match message {
        MessageRef::Text(_) => Kind::Text,
        MessageRef::Binary(_) => Kind::Binary,
    }
}
