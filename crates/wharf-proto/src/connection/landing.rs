//! The middle of a large frame is read straight into its message.

use super::{
    found::{Delivery, End, Found},
    inbound::Inbound,
};
use crate::{frame::opcode::OpCode, time::Now};
use wharf_bytes::{PayloadTail, mask};

/// So much of a message must have come before the rest is read into place: reading a short rest into the
/// caller's buffer costs a copy, but may bring the frames that follow.
const LANDING: usize = 16 << 10;

impl Inbound {
    /// Room to read the middle of a large frame into, without a detour through a buffer of the caller's.
    ///
    /// Never more than has come of the message already. Tell how much was read by
    /// [`landed`](Self::landed), before anything else is called.
    pub fn landing(&mut self) -> Option<PayloadTail<'_>> {
        let (frame, message) = (self.frame.as_ref()?, self.message.as_mut()?);
        let data =
            !matches!(frame.opcode, OpCode::Control(_)) && message.delivery == Delivery::Whole;
        if !data || frame.left == 0 || message.payload.len() < LANDING {
            return None;
        }
        let (came, left) =
            (message.payload.len(), usize::try_from(frame.left).unwrap_or(usize::MAX));
        let spare = message.payload.capacity() - came;
        // Small reads must not make a payload grow, and move, each time.
        let room = if spare >= left.min(came / 4) { spare } else { came };
        let room = room.min(left);
        Some(message.payload.tail(room))
    }

    /// `count` bytes were read into the [`landing`](Self::landing).
    pub fn landed(&mut self, count: usize, now: Now) -> Option<Found> {
        if let Some(meter) = &mut self.meter {
            meter.charge_bytes(count, now);
        }
        let (frame, message) = (self.frame.as_mut()?, self.message.as_mut()?);
        let start = message.payload.len() - count;
        if let Some(key) = &mut frame.key {
            *key = mask(*key, message.payload.unchecked_mut(start));
        }
        frame.left -= count as u64;
        self.counted.bytes += count as u64;
        let checked = message.check();
        let end = self.end_of_piece();
        match checked {
            Err(error) => Some(self.failed(error)),
            Ok(()) if end == End::Last => self.complete_held(),
            Ok(()) => None,
        }
    }
}
