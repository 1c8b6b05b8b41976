//! What is let in, on the header alone: by the rules, by the limits, and by the rate.

use super::Inbound;
use crate::{
    connection::{found::Delivery, meter::Place},
    error::{Limit, ProtocolError},
    frame::{
        admission::{self, Expectation},
        header::FrameHeader,
        opcode::OpCode,
    },
    time::Now,
};

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

    /// RFC 6455 §10.4: refuses before anything is reserved.
    #[inline]
    fn admit(&mut self, header: &FrameHeader, now: Now) -> Result<(), ProtocolError> {
        self.expectation().admit(header)?;
        self.stats.frames += 1;
        if let OpCode::Control(_) = header.opcode {
            self.burst.on_control(self.config.limits.control_burst, now)?;
            return Ok(());
        }
        self.burst.on_data();
        self.admit_size(header.len)
    }

    #[inline]
    pub(super) fn expectation(&self) -> Expectation {
        let message = match &self.message {
            Some(_) => admission::Progress::Inside,
            None => admission::Progress::Between,
        };
        Expectation { role: self.role, rsv1: self.rsv1, message }
    }

    #[inline]
    pub(super) fn admit_size(&self, len: u64) -> Result<(), ProtocolError> {
        let limits = &self.config.limits;
        let (fragments, before, delivery) = match &self.message {
            Some(message) => (message.fragments, message.declared, message.delivery),
            None => (0, 0, self.delivery),
        };
        if fragments >= limits.fragments {
            return Err(Limit::Fragments(limits.fragments).into());
        }
        if delivery == Delivery::Chunks {
            return Ok(());
        }
        if len > limits.frame as u64 {
            return Err(Limit::Frame(limits.frame).into());
        }
        // A compressed message is measured again as it inflates; one that is too long already never fits.
        if before.saturating_add(len) > limits.message as u64 {
            return Err(Limit::Message(limits.message).into());
        }
        Ok(())
    }
}
