//! Inflating a message bit by bit (RFC 7692 §7.2.2), bounded.

use super::{
    bits::{Context, Way},
    setup::Setup,
};
use crate::fault::Fault;
use zlib_rs::{Inflate, InflateFlush, Status};

const WINDOW: usize = 32 << 10;
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// An empty final block, which can only stand between two blocks.
const FINAL: [u8; 2] = [3, 0];

/// Why a message cannot be inflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bad {
    Corrupt,
    TooBig,
}

pub(super) struct Inflater {
    zlib: Inflate,
    way: Way,
    setup: Setup,
    history: Vec<u8>,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Inside,
    AfterFinal,
    /// One that stops there ignores the rest.
    Stopped,
}

impl Inflater {
    pub(super) fn new(way: Way, setup: Setup) -> Self {
        let zlib = Inflate::new(false, 15);
        Self { zlib, way, setup, history: Vec::new(), place: Place::Start }
    }

    /// Appends what `packed` inflates to.
    pub(super) fn push(
        &mut self,
        packed: &[u8],
        plain: &mut Vec<u8>,
        most: usize,
    ) -> Result<(), Bad> {
        if self.place == Place::Start {
            self.restart()?;
        }
        if !packed.is_empty() && self.place != Place::Stopped {
            self.first_block(packed)?;
            self.place = Place::Inside;
        }
        self.run(packed, plain, most)
    }

    /// What follows the last byte of a message.
    pub(super) fn end(&mut self, plain: &[u8]) -> Result<(), Bad> {
        let place = std::mem::replace(&mut self.place, Place::Start);
        let whole = match place {
            Place::AfterFinal | Place::Stopped => true,
            Place::Start => self.setup.has(Fault::AcceptsEmptyDeflate),
            Place::Inside => {
                self.ends_between_blocks()? || self.setup.has(Fault::AcceptsCutDeflate)
            }
        };
        if self.way.context == Context::Dropped || self.setup.has(Fault::LosesContext) {
            self.history.clear();
        }
        if plain.is_empty() && self.setup.has(Fault::LosesContextAtEmpty) {
            self.history.clear();
        }
        if whole { Ok(()) } else { Err(Bad::Corrupt) }
    }

    /// A message came that was not compressed: its bytes are no part of the context.
    pub(super) fn plain(&mut self, plain: &[u8]) {
        match self.setup.fault {
            Some(Fault::LosesContextAtPlain) => self.history.clear(),
            Some(Fault::TakesPlainContext) => self.remember(plain),
            _ => {}
        }
    }

    fn restart(&mut self) -> Result<(), Bad> {
        self.zlib.reset(false);
        if !self.history.is_empty() {
            self.zlib.set_dictionary(&self.history).map_err(|_| Bad::Corrupt)?;
        }
        Ok(())
    }

    fn first_block(&self, packed: &[u8]) -> Result<(), Bad> {
        let stored = packed[0] & 6 == 0 && packed != [0];
        let refused = stored && self.place == Place::Start && self.setup.has(Fault::RefusesStored);
        if refused { Err(Bad::Corrupt) } else { Ok(()) }
    }

    fn run(&mut self, mut packed: &[u8], plain: &mut Vec<u8>, most: usize) -> Result<(), Bad> {
        let mut room = [0; 4096];
        while self.place != Place::Stopped {
            let (taken, made, status) = self.step(packed, &mut room)?;
            plain.extend_from_slice(&room[..made]);
            self.remember(&room[..made]);
            packed = &packed[taken..];
            if plain.len() > most && !self.setup.has(Fault::NoInflateLimit) {
                return Err(Bad::TooBig);
            }
            match status {
                Status::StreamEnd => self.go_on(packed)?,
                _ if packed.is_empty() && made < room.len() => break,
                _ => {}
            }
            if packed.is_empty() && self.place == Place::AfterFinal {
                break;
            }
        }
        Ok(())
    }

    fn step(&mut self, packed: &[u8], room: &mut [u8]) -> Result<(usize, usize, Status), Bad> {
        let before = (self.zlib.total_in(), self.zlib.total_out());
        let status =
            self.zlib.decompress(packed, room, InflateFlush::NoFlush).map_err(|_| Bad::Corrupt)?;
        let taken = usize::try_from(self.zlib.total_in() - before.0).expect("at most the input");
        let made = usize::try_from(self.zlib.total_out() - before.1).expect("at most the room");
        Ok((taken, made, status))
    }

    /// More blocks may follow a final one (RFC 7692 §7.2.3.4).
    fn go_on(&mut self, rest: &[u8]) -> Result<(), Bad> {
        match self.setup.fault {
            Some(Fault::StopsAtFinal) => {
                self.place = Place::Stopped;
                return Ok(());
            }
            Some(Fault::RefusesFinal) => return Err(Bad::Corrupt),
            Some(Fault::LosesContextAtFinal) => self.history.clear(),
            _ => {}
        }
        self.place = if rest.is_empty() { Place::AfterFinal } else { Place::Inside };
        self.restart()
    }

    fn ends_between_blocks(&mut self) -> Result<bool, Bad> {
        let mut room = [0; 16];
        let tail: Vec<u8> = TAIL.into_iter().chain(FINAL).collect();
        match self.step(&tail, &mut room) {
            Ok((taken, made, status)) => {
                Ok(taken == tail.len() && made == 0 && status == Status::StreamEnd)
            }
            Err(_) if self.setup.has(Fault::AcceptsCutDeflate) => Ok(false),
            Err(bad) => Err(bad),
        }
    }

    fn remember(&mut self, plain: &[u8]) {
        self.history.extend_from_slice(plain);
        let most = if self.setup.has(Fault::KeepsLittleContext) { 512 } else { WINDOW };
        let over = self.history.len().saturating_sub(most);
        self.history.drain(..over);
    }
}
