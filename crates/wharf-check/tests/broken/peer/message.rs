//! A message under way.

use super::{
    admission::{PROTOCOL, TOO_BIG},
    frame::{FrameHead, TEXT},
    inflate::{Bad, Inflater},
    setup::Setup,
    text::{Checker, NotText},
};
use crate::fault::Fault;

const NOT_TEXT: u16 = 1007;

pub(super) struct Message {
    setup: Setup,
    pub(super) opcode: u8,
    packing: Packing,
    pub(super) frames: u32,
    /// Bytes as they came.
    pub(super) wire: u64,
    pub(super) plain: Vec<u8>,
    checker: Checker,
    checked: usize,
    /// What is done with the rest of it.
    rest: Rest,
}

/// Whether a message is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Packed,
}

/// What is done with the rest of a message that cannot be inflated: one fault ignores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    Read,
    Skipped,
}

/// When a peer looks at text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Piece,
    Frame,
    End,
    Never,
}

impl Message {
    pub(super) fn new(head: &FrameHead, packing: Packing, setup: Setup) -> Self {
        let checker = Checker::new(setup);
        let (plain, checked, rest) = (Vec::new(), 0, Rest::Read);
        Self {
            setup,
            opcode: head.opcode,
            packing,
            frames: 0,
            wire: 0,
            plain,
            checker,
            checked,
            rest,
        }
    }

    /// Whether it is compressed.
    pub(super) fn is_packed(&self) -> bool {
        self.packing == Packing::Packed
    }

    /// Takes out what came so far.
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.checked = 0;
        std::mem::take(&mut self.plain)
    }

    fn has(&self, fault: Fault) -> bool {
        self.setup.has(fault)
    }

    /// Some of the payload came.
    pub(super) fn push(
        &mut self,
        piece: &[u8],
        inflater: Option<&mut Inflater>,
    ) -> Result<(), u16> {
        self.wire += piece.len() as u64;
        match inflater.filter(|_| self.is_packed()) {
            Some(inflater) => self.inflate(piece, inflater)?,
            None => self.plain.extend_from_slice(piece),
        }
        let lax = self.setup.has_one(&[Fault::NoMessageLimit, Fault::NoInflateLimit]);
        if self.plain.len() > self.setup.message && !lax {
            return Err(self.too_big());
        }
        self.look(Look::Piece)
    }

    fn inflate(&mut self, piece: &[u8], inflater: &mut Inflater) -> Result<(), u16> {
        if self.rest == Rest::Skipped {
            return Ok(());
        }
        let most = self.setup.message;
        self.forgive(|plain| inflater.push(piece, plain, most))
    }

    fn forgive(&mut self, step: impl FnOnce(&mut Vec<u8>) -> Result<(), Bad>) -> Result<(), u16> {
        match step(&mut self.plain) {
            Ok(()) => Ok(()),
            Err(Bad::TooBig) => Err(self.too_big()),
            Err(Bad::Corrupt) if self.has(Fault::AcceptsBadDeflate) => {
                self.rest = Rest::Skipped;
                Ok(())
            }
            Err(Bad::Corrupt) if self.has(Fault::BadDeflateIs1000) => Err(1000),
            Err(Bad::Corrupt) => Err(NOT_TEXT),
        }
    }

    fn too_big(&self) -> u16 {
        if self.has(Fault::TooBigIs1002) { PROTOCOL } else { TOO_BIG }
    }

    /// A frame of it has ended.
    pub(super) fn end_frame(&mut self, inflater: Option<&mut Inflater>) -> Result<(), u16> {
        if let Some(inflater) =
            inflater.filter(|_| self.is_packed() && self.has(Fault::TailPerFragment))
        {
            self.inflate(&[0, 0, 0xff, 0xff], inflater)?;
        }
        self.look(Look::Frame)
    }

    /// It has ended.
    pub(super) fn end(&mut self, inflater: Option<&mut Inflater>, last: &[u8]) -> Result<(), u16> {
        if self.is_packed() && self.wire == 0 && self.has(Fault::EchoesStale) {
            self.plain = last.to_vec();
            return Ok(());
        }
        match inflater {
            Some(inflater) if self.is_packed() => {
                if self.has(Fault::TailPerFragment) {
                    return self.look(Look::End);
                }
                self.forgive(|plain| inflater.end(plain))?;
            }
            Some(inflater) => inflater.plain(&self.plain),
            None => {}
        }
        self.look(Look::End)
    }

    fn is_text(&self) -> bool {
        self.opcode == TEXT || self.has(Fault::ChecksBinary)
    }

    fn when(&self) -> Look {
        match self.setup.fault {
            Some(Fault::LateUtf8) => Look::End,
            Some(Fault::FrameUtf8 | Fault::FragmentUtf8) => Look::Frame,
            Some(Fault::NoUtf8Check) => Look::Never,
            Some(Fault::NoInflatedUtf8) if self.is_packed() => Look::Never,
            _ => Look::Piece,
        }
    }

    /// Looks at the text, if this is when.
    fn look(&mut self, now: Look) -> Result<(), u16> {
        if !self.is_text() {
            return Ok(());
        }
        let mut looked = Ok(());
        if self.when() == now {
            looked = self.checker.push(&self.plain[self.checked..]);
            self.checked = self.plain.len();
        }
        let alone = now == Look::Piece && self.has(Fault::ReadUtf8)
            || now == Look::Frame && self.has(Fault::FragmentUtf8);
        if alone || now == Look::End && self.when() != Look::Never {
            looked = looked.and_then(|()| self.checker.end());
        }
        looked.map_err(|NotText| if self.has(Fault::Utf8Is1002) { PROTOCOL } else { NOT_TEXT })
    }
}
