//! Which frames are admitted, by their heads alone (RFC 6455 §5, RFC 7692 §6).

use super::{
    frame::{BINARY, CLOSE, CONTINUATION, Form, FrameHead, PONG, TEXT},
    setup::{Role, Setup},
};
use crate::fault::Fault;

pub(super) const PROTOCOL: u16 = 1002;
pub(super) const POLICY: u16 = 1008;
pub(super) const TOO_BIG: u16 = 1009;

/// What a frame comes into.
pub(super) struct Place<'a> {
    pub(super) role: Role,
    pub(super) setup: &'a Setup,
    pub(super) deflate: bool,
    /// Of the message under way: its frames and bytes so far.
    pub(super) message: Option<(u32, u64)>,
}

impl Place<'_> {
    /// Corrects what a fault reads otherwise, and refuses what is against the rules, with a close code.
    pub(super) fn admit(&self, head: &mut FrameHead) -> Result<(), u16> {
        let good = self.mask(head)
            && self.reserved_bits(head)
            && self.opcode(head)
            && self.length(head)
            && self.control(head)
            && self.order(head);
        if good { self.limits(head) } else { Err(PROTOCOL) }
    }

    fn has(&self, fault: Fault) -> bool {
        self.setup.has(fault)
    }

    fn mask(&self, head: &FrameHead) -> bool {
        match (self.role, head.key) {
            (Role::Server, None) => self.has(Fault::AcceptsUnmasked),
            (Role::Client, Some(_)) => self.has(Fault::AcceptsMasked),
            (Role::Server, Some(_)) | (Role::Client, None) => true,
        }
    }

    fn reserved_bits(&self, head: &FrameHead) -> bool {
        let [rsv1, rsv2, rsv3] = [4, 2, 1].map(|bit| head.rsv & bit != 0);
        let first = match (rsv1, self.deflate, head.opcode) {
            (false, _, _) => true,
            (true, true, TEXT | BINARY) => !self.has(Fault::RefusesRsv1),
            (true, true, CONTINUATION) => self.has(Fault::AcceptsContinuedRsv1),
            (true, true, _) => {
                self.setup.has_one(&[Fault::AcceptsControlRsv1, Fault::CarriesControlRsv1])
            }
            (true, false, _) => self.has(Fault::IgnoresRsv1),
        };
        let rest =
            (!rsv2 || self.has(Fault::IgnoresRsv2)) && (!rsv3 || self.has(Fault::IgnoresRsv3));
        let plain_start = self.deflate && !rsv1 && matches!(head.opcode, TEXT | BINARY);
        first && rest && !(plain_start && self.has(Fault::WantsRsv1))
    }

    fn opcode(&self, head: &mut FrameHead) -> bool {
        match head.opcode {
            3..=7 if self.has(Fault::AcceptsReservedData) => {
                head.opcode = BINARY;
                true
            }
            11..=15 => self.has(Fault::AcceptsReservedControl),
            CONTINUATION..=BINARY | CLOSE..=PONG => true,
            _ => false,
        }
    }

    fn length(&self, head: &mut FrameHead) -> bool {
        if head.len >> 63 == 1 && self.has(Fault::AcceptsTopBit) {
            head.len &= u64::MAX >> 1;
            return true;
        }
        let accepted = match head.form {
            Form::Seven => true,
            Form::Sixteen => self.has(Fault::AcceptsLongLength16),
            Form::SixtyFour => self.has(Fault::AcceptsLongLength64),
        };
        head.len >> 63 == 0 && (head.is_minimal() || accepted)
    }

    fn control(&self, head: &FrameHead) -> bool {
        let whole = head.fin || self.has(Fault::AcceptsFragmentedControl);
        let short = head.len <= 125 || self.has(Fault::AcceptsLongControl) && head.len < 1 << 20;
        !head.is_control() || whole && short
    }

    fn order(&self, head: &mut FrameHead) -> bool {
        match (head.opcode, self.message) {
            (CONTINUATION, None) if self.has(Fault::AcceptsLoneContinuation) => {
                head.opcode = BINARY;
                true
            }
            (TEXT | BINARY, Some(_)) if self.has(Fault::AcceptsInterleaved) => {
                head.opcode = CONTINUATION;
                true
            }
            (CONTINUATION, message) => message.is_some(),
            (TEXT | BINARY, message) => message.is_none(),
            _ => true,
        }
    }

    fn limits(&self, head: &FrameHead) -> Result<(), u16> {
        if head.is_control() {
            return Ok(());
        }
        let (frames, before) = self.message.unwrap_or_default();
        let before = if self.has(Fault::NoMessageLimit) { 0 } else { before };
        let most = self.setup.message as u64;
        if before.saturating_add(head.len) > most && !self.has(Fault::NoFrameLimit) {
            return Err(if self.has(Fault::TooBigIs1002) { PROTOCOL } else { TOO_BIG });
        }
        let many = frames >= self.setup.fragments && !self.has(Fault::NoFragmentLimit);
        if many { Err(POLICY) } else { Ok(()) }
    }
}
