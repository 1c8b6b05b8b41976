//! Frames (RFC 6455 §5.2).

use super::{
    setup::Setup,
    wire::{Gone, Wire},
};
use crate::fault::Fault;

pub(super) const CONTINUATION: u8 = 0;
pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;

/// What stands before a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameHead {
    pub(super) fin: bool,
    /// RSV1 to RSV3 as the bits 4, 2 and 1.
    pub(super) rsv: u8,
    pub(super) opcode: u8,
    pub(super) key: Option<[u8; 4]>,
    pub(super) form: Form,
    pub(super) len: u64,
}

/// How a length was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Seven,
    Sixteen,
    SixtyFour,
}

impl FrameHead {
    pub(super) fn read(wire: &mut Wire, setup: &Setup) -> Result<Self, Gone> {
        let [first, second] = wire.take()?;
        let (form, len) = match second & 0x7f {
            126 if setup.has(Fault::ReadsLengthsBackwards) => {
                (Form::Sixteen, u64::from(u16::from_le_bytes(wire.take()?)))
            }
            126 => (Form::Sixteen, u64::from(u16::from_be_bytes(wire.take()?))),
            127 => (Form::SixtyFour, u64::from_be_bytes(wire.take()?)),
            short => (Form::Seven, u64::from(short)),
        };
        let key = if second & 0x80 == 0 { None } else { Some(wire.take()?) };
        Ok(Self { fin: first & 0x80 != 0, rsv: first >> 4 & 7, opcode: first & 15, key, form, len })
    }

    pub(super) const fn is_control(&self) -> bool {
        self.opcode >= 8
    }

    pub(super) const fn is_minimal(&self) -> bool {
        match self.form {
            Form::Seven => true,
            Form::Sixteen => self.len > 125,
            Form::SixtyFour => self.len > 0xffff,
        }
    }
}

/// A frame to send.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outgoing<'a> {
    pub(super) fin: bool,
    pub(super) rsv: u8,
    pub(super) opcode: u8,
    pub(super) payload: &'a [u8],
}

impl Outgoing<'_> {
    /// Its bytes.
    pub(super) fn encode(&self, key: Option<[u8; 4]>, setup: &Setup) -> Vec<u8> {
        let rsv = if setup.has(Fault::SendsRsv2) { self.rsv | 2 } else { self.rsv };
        let odd = self.opcode == BINARY && setup.has(Fault::SendsReservedOpcode);
        let opcode = if odd { 3 } else { self.opcode };
        let mut bytes = vec![u8::from(self.fin) << 7 | rsv << 4 | opcode];
        bytes.extend(length(self.payload.len(), setup));
        bytes[1] |= u8::from(key.is_some()) << 7;
        let key = key.inspect(|key| bytes.extend(key)).unwrap_or_default();
        let start = bytes.len();
        bytes.extend_from_slice(self.payload);
        mask(&mut bytes[start..], key, 0);
        bytes
    }
}

fn length(len: usize, setup: &Setup) -> Vec<u8> {
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(short), _) if short < 126 && !setup.has(Fault::SendsLongLength16) => vec![short],
        (_, Ok(middle)) if !setup.has(Fault::SendsLongLength64) || len < 126 => {
            [&[126], &middle.to_be_bytes()[..]].concat()
        }
        _ => [&[127], &(len as u64).to_be_bytes()[..]].concat(),
    }
}

/// RFC 6455 §5.3, for the part of a payload that begins at `offset`.
pub(super) fn mask(payload: &mut [u8], key: [u8; 4], offset: usize) {
    for (at, byte) in payload.iter_mut().enumerate() {
        *byte ^= key[(at + offset) % 4];
    }
}
