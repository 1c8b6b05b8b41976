//! What the peer sends is let in no faster than its rate allows.

use super::{inbound::Inbound, meter::Place};
use crate::{error::ProtocolError, frame::header::FrameHeader, time::Now};

impl Inbound {
    /// When what the peer sends is decoded again, if at `now` the [rate](crate::Limits::rate) keeps it waiting. Until
    /// then [`advance`](Self::advance) finds nothing in data, and nothing more is to be
    /// read; tell the outbound half by [`Outbound::pause`](crate::Outbound::pause). Then advance again, also without
    /// a byte more.
    pub fn resume_at(&self, now: Now) -> Option<Now> {
        let meter = self.meter.as_ref()?;
        let inside = self.frame.as_ref().is_some_and(|frame| !frame.opcode.is_control());
        let place = if inside { Place::InsideData } else { Place::Elsewhere };
        meter.resume_at(place).filter(|&at| now < at)
    }

    /// Lets everything in from now on, at whatever rate: the connection is closing, and what comes will be few.
    pub fn lift_rate(&mut self) {
        if let Some(meter) = &mut self.meter {
            meter.lift();
        }
    }

    /// The header of the next frame, once it is here, in order, and not too early.
    #[inline]
    pub(super) fn header(
        &mut self,
        bytes: &[u8],
        used: &mut usize,
        now: Now,
    ) -> Result<Option<FrameHeader>, ProtocolError> {
        let parked = self.meter.as_mut().and_then(|meter| meter.unpark());
        let header = match parked {
            Some(header) => header,
            None => {
                let Some((header, head)) = self.reader.next(&bytes[*used..])? else {
                    *used = bytes.len();
                    return Ok(None);
                };
                *used += head;
                self.admit(&header, now)?;
                header
            }
        };
        match &mut self.meter {
            None => Ok(Some(header)),
            Some(meter) => Ok(meter.weigh(header, now)?),
        }
    }
}
