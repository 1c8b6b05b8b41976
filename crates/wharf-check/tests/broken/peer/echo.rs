//! What goes back.

use super::{
    admission::PROTOCOL,
    frame::{BINARY, CONTINUATION, Outgoing, PING, PONG, TEXT},
    session::{Session, Stop},
    setup::Role,
};
use crate::fault::Fault;

impl Session {
    /// Sends a message back.
    pub(super) fn echo(&mut self, opcode: u8, plain: &[u8]) -> Result<(), Stop> {
        let mut plain = plain.to_vec();
        match (self.setup.fault, plain.first_mut()) {
            (Some(Fault::NeverAnswers), _) => return Ok(()),
            (Some(Fault::EchoesWrongPayload), Some(first)) => *first ^= 1,
            (Some(Fault::EchoesWrongPayload), None) => plain.push(b'!'),
            (Some(Fault::CutsEchoes), _) => plain.truncate(125),
            _ => {}
        }
        let other = self.setup.has(Fault::EchoesOtherKind);
        let opcode = if other { TEXT + BINARY - opcode } else { opcode };
        self.message_out(opcode, &plain)?;
        if self.setup.has(Fault::EchoesTwice) {
            self.message_out(opcode, &plain)?;
        }
        Ok(())
    }

    fn message_out(&mut self, opcode: u8, plain: &[u8]) -> Result<(), Stop> {
        let packed = self.deflater.as_mut().map(|deflater| deflater.message(plain));
        let rsv = if packed.is_some() && !self.setup.has(Fault::ForgetsRsv1) { 4 } else { 0 };
        let payload = packed.as_deref().unwrap_or(plain);
        if self.setup.has(Fault::SendsTwoStarts) {
            let (first, second) = payload.split_at(payload.len() / 2);
            self.frame_out(&Outgoing { fin: false, rsv, opcode, payload: first })?;
            return self.frame_out(&Outgoing { fin: true, rsv: 0, opcode, payload: second });
        }
        self.frame_out(&Outgoing { fin: true, rsv, opcode, payload })
    }

    /// Sends a control frame.
    pub(super) fn control_out(&mut self, opcode: u8, payload: &[u8]) -> Result<(), Stop> {
        let fin = !(opcode == PONG && self.setup.has(Fault::SendsFragmentedControl));
        self.frame_out(&Outgoing { fin, rsv: 0, opcode, payload })
    }

    fn frame_out(&mut self, frame: &Outgoing<'_>) -> Result<(), Stop> {
        let key = self.key(frame);
        let bytes = frame.encode(key, &self.setup);
        if self.setup.has(Fault::HoldsEchoes) {
            return Ok(self.wire.write_later(bytes)?);
        }
        Ok(self.wire.write(&bytes)?)
    }

    /// A Ping came (RFC 6455 §5.5.2), or a Pong.
    pub(super) fn signal(&mut self, opcode: u8, payload: &[u8]) -> Result<(), Stop> {
        match (opcode, self.setup.fault) {
            (PING, Some(Fault::LatePong)) if self.message.is_some() => {
                self.late.push(payload.to_vec());
                Ok(())
            }
            (PING, Some(Fault::NoPong | Fault::NeverAnswers)) => Ok(()),
            (PING, _) => {
                let pong = self.pong(payload);
                self.control_out(PONG, &pong)
            }
            (PONG, Some(Fault::AnswersPongs)) => self.control_out(PONG, payload),
            (PONG, Some(Fault::RefusesPongs)) => Err(Stop::Fail(PROTOCOL)),
            _ => Ok(()),
        }
    }

    fn pong(&mut self, ping: &[u8]) -> Vec<u8> {
        let mut pong = ping.to_vec();
        match self.setup.fault {
            Some(Fault::EmptyPong) => pong.clear(),
            Some(Fault::WrongPong) => match pong.first_mut() {
                Some(first) => *first ^= 1,
                None => pong.push(0),
            },
            Some(Fault::TextPong) => pong.retain(u8::is_ascii),
            Some(Fault::SendsLongControl) if pong.len() == 125 => pong.push(0),
            Some(Fault::FirstPongAgain) => {
                pong.clone_from(self.first_ping.get_or_insert_with(|| ping.to_vec()));
            }
            _ => {}
        }
        pong
    }

    /// The message is complete: what waited for that goes out.
    pub(super) fn late_pongs(&mut self) -> Result<(), Stop> {
        for payload in std::mem::take(&mut self.late) {
            self.control_out(PONG, &payload)?;
        }
        Ok(())
    }

    fn key(&mut self, frame: &Outgoing<'_>) -> Option<[u8; 4]> {
        let plain = match self.role {
            Role::Server => !self.setup.has(Fault::MasksAsServer),
            Role::Client => {
                let empty = frame.payload.is_empty() && self.setup.has(Fault::SendsEmptyUnmasked);
                empty || self.setup.has(Fault::SendsUnmasked)
            }
        };
        if plain { None } else { Some(self.keys.next()) }
    }

    /// Whether an opcode starts or continues a message.
    pub(super) const fn is_data(opcode: u8) -> bool {
        matches!(opcode, CONTINUATION | TEXT | BINARY)
    }
}
