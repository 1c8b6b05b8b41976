//! One connection, from the first packet to the last.

use crate::{
    counting::{Answers, Closed, Counting},
    flow::{Allowance, Flow, Rhythm},
    framed::{Framed, Part},
    plan::Load,
    stream::Stream,
    tally::Tally,
    tools::{Tools, answer_len},
    trouble::{Trouble, TroubleKind},
    upgrade::Upgrade,
};
use mio::{Registry, Token};
use std::sync::Arc;
use wharf_proto::Now;

/// A connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: Stream,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Dialling,
    Upgrading(Box<Upgrade>),
    /// Open; the first message is not answered.
    Proving(Box<Framed>),
    Framed(Box<Framed>),
    Counting(Counting),
    Leaving,
}

/// What has become of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing new.
    None,
    /// It is open and has proved that it does what it is for.
    Ready,
    /// It has ended as it should.
    Left,
}

/// A Close with 1000 (RFC 6455 §5.5.1), masked with 1, 2, 3, 4.
const CLOSE: [u8; 8] = [0x88, 0x82, 1, 2, 3, 4, 0x03 ^ 1, 0xe8 ^ 2];

impl Connection {
    /// Begins to connect.
    pub(crate) fn dial(tools: &Tools, registry: &Registry, token: Token) -> Result<Self, Trouble> {
        let target = &tools.plan.target;
        let dial = || {
            let mut stream = Stream::dial(target.address, &target.security)?;
            stream.register(registry, token)?;
            Ok(stream)
        };
        let stream = dial().map_err(|error| Trouble::dial(&error))?;
        Ok(Self { stream, stage: Stage::Dialling })
    }

    pub(crate) fn deregister(&mut self, registry: &Registry) {
        self.stream.deregister(registry);
    }

    /// Which message a subscriber waits for.
    pub(crate) fn subscribed(&self) -> Option<u64> {
        match &self.stage {
            Stage::Framed(framed) => match framed.part() {
                Part::Subscriber(next) => Some(next),
                Part::Echo | Part::Publisher => None,
            },
            _ => None,
        }
    }

    /// Something may be read or written.
    pub(crate) fn on_ready(
        &mut self,
        flow: &mut Flow,
        part: Part,
        closed: Closed,
        tools: &mut Tools,
        tally: &mut Tally,
        now: Now,
    ) -> Result<Change, Trouble> {
        match &mut self.stage {
            Stage::Counting(counting) => {
                let buffers = (tools.scratch.as_mut_slice(), tools.read.as_mut_slice());
                counting.receive(flow, &mut self.stream, tally, buffers, closed, now)?;
            }
            Stage::Framed(framed) => {
                framed.receive(flow, &mut self.stream, tools, tally, now)?;
            }
            Stage::Proving(framed) => {
                framed.receive(flow, &mut self.stream, tools, tally, now)?;
                framed.write(&mut self.stream, now)?;
                return Ok(self.proved(flow, tools));
            }
            Stage::Dialling | Stage::Upgrading(_) => {
                return self.open(flow, part, tools, tally, now);
            }
            Stage::Leaving => return Ok(self.leaving(tools)),
        }
        self.send(flow, tools, tally, now)?;
        Ok(Change::None)
    }

    /// Sends what is due, and what was held back.
    pub(crate) fn send(
        &mut self,
        flow: &mut Flow,
        tools: &mut Tools,
        tally: &mut Tally,
        now: Now,
    ) -> Result<(), Trouble> {
        match &mut self.stage {
            Stage::Counting(counting) => {
                let sent = counting.send(flow, &mut self.stream, tally, now);
                sent.and_then(|()| self.stream.flush()).map_err(|error| Trouble::io(&error))
            }
            Stage::Framed(framed) => framed.send(flow, &mut self.stream, tools, tally, now),
            Stage::Dialling | Stage::Upgrading(_) | Stage::Proving(_) | Stage::Leaving => Ok(()),
        }
    }

    fn open(
        &mut self,
        flow: &mut Flow,
        part: Part,
        tools: &mut Tools,
        tally: &mut Tally,
        now: Now,
    ) -> Result<Change, Trouble> {
        if matches!(self.stage, Stage::Dialling) {
            if !self.stream.is_connected().map_err(|error| Trouble::dial(&error))? {
                return Ok(Change::None);
            }
            let upgrade = Upgrade::new(&tools.plan.target.offer, entropy()?);
            self.stage = Stage::Upgrading(Box::new(upgrade));
        }
        let Stage::Upgrading(upgrade) = &mut self.stage else { return Ok(Change::None) };
        let offer = Arc::clone(&tools.plan.target.offer);
        let Some((agreed, rest)) = upgrade.turn(&offer, &mut self.stream, &mut tools.read)? else {
            return Ok(Change::None);
        };
        tally.opened += 1;
        if tools.plan.load == Load::Connect {
            return Ok(Change::Ready);
        }
        let mut framed = Box::new(Framed::new(agreed, part, tools, entropy()?, now));
        framed.take_leftover(rest, flow, tools, tally, now)?;
        if tools.plan.load == Load::Echo {
            flow.begin(Allowance { rhythm: Rhythm::Answers, in_flight: 1, quota: 1 });
            framed.send(flow, &mut self.stream, tools, tally, now)?;
            self.stage = Stage::Proving(framed);
            return Ok(Change::None);
        }
        // TLS may hold more of what came in the last packet.
        framed.receive(flow, &mut self.stream, tools, tally, now)?;
        self.stage = Stage::Framed(framed);
        Ok(Change::Ready)
    }

    /// Goes on when the first message was answered, in the cheapest way that tells the truth.
    fn proved(&mut self, flow: &Flow, tools: &mut Tools) -> Change {
        let Stage::Proving(framed) = &mut self.stage else { return Change::None };
        if !flow.is_done() {
            return Change::None;
        }
        let plain = tools.counts_bytes(&framed.agreed);
        let batch = tools.batch(&framed.agreed).filter(|_| framed.is_between());
        let bytes = framed.bytes;
        let next = match batch {
            Some(batch) => {
                let len = answer_len(batch.payload);
                // The server wrote one frame, and nothing else: it will do so again.
                let answers = if plain && bytes == len {
                    Answers::Bytes { len, rest: 0 }
                } else {
                    Answers::Frames(crate::walk::Walk::default())
                };
                Stage::Counting(Counting::new(batch, answers))
            }
            None => match std::mem::replace(&mut self.stage, Stage::Leaving) {
                Stage::Proving(framed) => Stage::Framed(framed),
                other => other,
            },
        };
        self.stage = next;
        Change::Ready
    }

    /// Says good-bye; the server is to close.
    pub(crate) fn leave(&mut self) -> Result<(), Trouble> {
        let mut write = || {
            self.stream.write(&CLOSE)?;
            self.stream.flush()
        };
        self.stage = Stage::Leaving;
        write().map_err(|error| Trouble::io(&error))
    }

    /// Waits for the end; whatever it is, it is one.
    fn leaving(&mut self, tools: &mut Tools) -> Change {
        loop {
            match self.stream.read(&mut tools.read) {
                Ok(None) => return Change::None,
                Ok(Some(1..)) => {}
                Ok(Some(0)) | Err(_) => return Change::Left,
            }
        }
    }
}

/// Randomness for keys (RFC 6455 §4.1, §10.3).
fn entropy<const N: usize>() -> Result<[u8; N], Trouble> {
    let mut bytes = [0; N];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|error| Trouble::new(TroubleKind::Local, format!("no entropy: {error}")))?;
    Ok(bytes)
}
