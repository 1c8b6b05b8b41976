//! Pings and Pongs that the user words.

use super::{outbound::Outbound, refusal::WhyNot};
use crate::{
    frame::{control::ControlPayload, opcode::Control},
    time::Now,
};

impl Outbound {
    /// Sends a Ping with a payload of the user's, in its turn behind the data.
    pub fn ping_with(&mut self, payload: &ControlPayload, now: Now) -> Result<(), WhyNot> {
        self.push_in_turn(Control::Ping, payload, now)
    }

    /// Sends a Pong that nobody asked for (RFC 6455 §5.5.3), in its turn behind the data; answers to Pings
    /// are not the user's business.
    pub fn pong_with(&mut self, payload: &ControlPayload, now: Now) -> Result<(), WhyNot> {
        self.push_in_turn(Control::Pong, payload, now)
    }

    fn push_in_turn(
        &mut self,
        kind: Control,
        payload: &ControlPayload,
        now: Now,
    ) -> Result<(), WhyNot> {
        if !self.is_open() {
            return Err(WhyNot::Closed);
        }
        if !self.has_room(payload.len()) {
            return Err(WhyNot::Full);
        }
        let frame = self.control(kind, payload, now);
        self.outbox().push_control(&frame);
        Ok(())
    }
}
