//! Words to write cases with.

use super::{
    Case,
    census::Census,
    expect::{Codes, Expect, Manner},
    kinds::{Effort, Group, Level, Nature, Targets},
    message::{Kind, Message, Packing, Split},
    opening::{Deflate, Opening, Param, Trait, Usual},
    step::{Chunk, Delivery, Patience, Step},
};
use crate::wire::{
    frame::{Frame, opcode},
    payload::Payload,
    role::Role,
};

impl Case {
    /// A case that any target must accept, by a MUST; the calls below change that.
    pub(crate) fn new(group: Group, name: &str, title: impl Into<String>) -> Self {
        Self {
            id: format!("{}/{name}", group.name()),
            group,
            autobahn: Vec::new(),
            items: Vec::new(),
            section: "",
            level: Level::Must,
            targets: Targets::Both,
            nature: Nature::Accept,
            effort: Effort::Quick,
            title: title.into(),
            why: "",
            opening: Opening::Usual(Usual::default()),
            script: Vec::new(),
            census: None,
        }
    }

    /// The rule: where it stands, the numbers of the checklist, and why it matters.
    pub(crate) fn rule(mut self, section: &'static str, items: &[u8], why: &'static str) -> Self {
        self.section = section;
        self.items = items.to_vec();
        self.why = why;
        self
    }

    /// As binding as this.
    pub(crate) const fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// A case of the Autobahn suite that asks the same.
    pub(crate) fn autobahn(mut self, number: impl Into<String>) -> Self {
        self.autobahn.push(number.into());
        self
    }

    /// Only targets of this role can be asked.
    pub(crate) const fn only(mut self, role: Role) -> Self {
        self.targets = Targets::Only(role);
        self
    }

    /// The target must refuse.
    pub(crate) const fn refuse(mut self) -> Self {
        self.nature = Nature::Refuse;
        self
    }

    /// The target should accept; a refusal is strict.
    pub(crate) const fn tolerate(mut self) -> Self {
        self.nature = Nature::Tolerate;
        self
    }

    /// It takes this long.
    pub(crate) const fn effort(mut self, effort: Effort) -> Self {
        self.effort = effort;
        self
    }

    /// The connection is opened in this way.
    pub(crate) fn opening(mut self, opening: Opening) -> Self {
        self.opening = opening;
        self
    }

    /// The connection is opened rightly, with permessage-deflate: offered by the tester, or answered.
    pub(crate) fn deflate(mut self, offer: &str, answer: &str, need: &[Param]) -> Self {
        let (offer, answer) = (offer.to_owned(), answer.to_owned());
        let deflate = Some(Deflate { offer, answer, need: need.to_vec() });
        self.opening = Opening::Usual(Usual { deflate, ..Usual::default() });
        self
    }

    /// The connection is opened rightly, and the client's request has this.
    pub(crate) fn traits(mut self, traits: &[Trait]) -> Self {
        self.opening = Opening::Usual(Usual { traits: traits.to_vec(), ..Usual::default() });
        self
    }

    /// What happens on the open connection.
    pub(crate) fn script(mut self, script: impl IntoIterator<Item = Step>) -> Self {
        self.script = script.into_iter().collect();
        self
    }

    /// What must hold of everything that the target sent in the whole run.
    pub(crate) const fn census(mut self, census: Census) -> Self {
        self.census = Some(census);
        self
    }
}

/// A final text frame.
pub(crate) fn text(payload: impl Into<Payload>) -> Frame {
    Frame::new(opcode::TEXT, payload)
}

/// A final binary frame.
pub(crate) fn binary(payload: impl Into<Payload>) -> Frame {
    Frame::new(opcode::BINARY, payload)
}

/// A final continuation frame.
pub(crate) fn continuation(payload: impl Into<Payload>) -> Frame {
    Frame::new(opcode::CONTINUATION, payload)
}

/// A Ping.
pub(crate) fn ping(payload: impl Into<Payload>) -> Frame {
    Frame::new(opcode::PING, payload)
}

/// A Pong.
pub(crate) fn pong(payload: impl Into<Payload>) -> Frame {
    Frame::new(opcode::PONG, payload)
}

/// A Close with a code and a reason.
pub(crate) fn close(code: u16, reason: &str) -> Frame {
    Frame::new(opcode::CLOSE, [&code.to_be_bytes()[..], reason.as_bytes()].concat())
}

/// A Close with any body.
pub(crate) fn close_raw(body: impl Into<Payload>) -> Frame {
    Frame::new(opcode::CLOSE, body)
}

/// A message, uncompressed and whole.
pub(crate) fn message(kind: Kind, payload: impl Into<Payload>) -> Message {
    Message { kind, payload: payload.into(), packing: Packing::Plain, split: Split::Whole }
}

/// A compressed message, whole.
pub(crate) fn deflated(kind: Kind, payload: impl Into<Payload>) -> Message {
    Message { packing: Packing::Deflated, ..message(kind, payload) }
}

impl Message {
    /// In frames of at most so many bytes.
    pub(crate) const fn every(mut self, bytes: usize) -> Self {
        self.split = Split::Every(bytes);
        self
    }
}

impl From<Frame> for Chunk {
    fn from(frame: Frame) -> Self {
        Self::Frame(frame)
    }
}

impl From<Message> for Chunk {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

/// Sends this in one write.
pub(crate) fn send(chunk: impl Into<Chunk>) -> Step {
    Step::Send(vec![chunk.into()], Delivery::Whole)
}

/// Sends all of these in one write.
pub(crate) fn send_all<C: Into<Chunk>>(chunks: impl IntoIterator<Item = C>) -> Step {
    Step::Send(chunks.into_iter().map(Into::into).collect(), Delivery::Whole)
}

/// Sends all of these in writes of `bytes` each.
pub(crate) fn send_cut<C: Into<Chunk>>(bytes: usize, chunks: impl IntoIterator<Item = C>) -> Step {
    Step::Send(chunks.into_iter().map(Into::into).collect(), Delivery::Every(bytes))
}

/// Sends bytes that need not be a frame.
pub(crate) fn send_bytes(bytes: impl Into<Vec<u8>>) -> Step {
    Step::Send(vec![Chunk::Bytes(bytes.into())], Delivery::Whole)
}

/// Waits for this within the usual bound.
pub(crate) const fn expect(expect: Expect) -> Step {
    Step::Expect(expect, Patience::Usual)
}

/// Waits for this text message, which no RFC demands: whoever fails or closes a connection may drop what it still
/// has to answer.
pub(crate) fn hope_text(payload: impl Into<Payload>) -> Step {
    Step::Hope(Expect::Message(Kind::Text, payload.into()))
}

/// Waits for this text message.
pub(crate) fn expect_text(payload: impl Into<Payload>) -> Step {
    expect(Expect::Message(Kind::Text, payload.into()))
}

/// Waits for this binary message.
pub(crate) fn expect_binary(payload: impl Into<Payload>) -> Step {
    expect(Expect::Message(Kind::Binary, payload.into()))
}

/// Waits for all of these, in any order.
pub(crate) fn expect_all(all: impl IntoIterator<Item = Expect>) -> Step {
    expect(Expect::All(all.into_iter().collect()))
}

/// Waits for this Pong.
pub(crate) fn expect_pong(payload: impl Into<Payload>) -> Step {
    expect(Expect::Pong(payload.into()))
}

/// Waits for a Close with one of these codes.
pub(crate) fn expect_close(codes: &[u16]) -> Step {
    expect(Expect::Close(Codes::Of(codes.to_vec())))
}

/// Waits until the target fails the connection, with one of these codes if it sends a Close.
pub(crate) fn expect_refusal(codes: &[u16]) -> Step {
    expect(Expect::Refusal(Codes::Of(codes.to_vec())))
}

/// Waits for the end of the stream.
pub(crate) const fn expect_end() -> Step {
    expect(Expect::End(Manner::Any))
}

/// Sends a text message and waits for its echo: the target is alive and in step.
pub(crate) fn echo(payload: impl Into<Payload>) -> [Step; 2] {
    let payload = payload.into();
    [send(text(payload.clone())), expect_text(payload)]
}
