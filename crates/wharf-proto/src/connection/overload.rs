//! What happens when one end is too fast for the other.

use super::{
    outbound::Outbound,
    refusal::{NotSent, WhyNot},
};
use crate::{close::CloseReason, config::OnFull, message::outgoing::Outgoing, time::Now};

impl Outbound {
    /// What the peer sends is not read until `until`, because it sends more than it may: until then its silence
    /// is our doing. `until` becomes one of the [`deadline`](Self::deadline)s.
    pub fn pause(&mut self, until: Now) {
        self.overload.get_or_insert_default().resume_at = until;
        self.alive.on_received(until);
    }

    /// What the peer sends is read again.
    pub fn resume(&mut self) {
        if let Some(overload) = &mut self.overload {
            overload.resume_at = Now::default();
        }
    }

    /// Until when nothing is read.
    pub fn resume_at(&self) -> Option<Now> {
        let at = self.overload.as_ref()?.resume_at;
        (at != Now::default()).then_some(at)
    }

    pub(super) fn dropped(&self) -> u64 {
        self.overload.as_ref().map_or(0, |overload| overload.dropped)
    }

    /// A message is not accepted now.
    #[inline(never)]
    pub(super) fn turn_away<'a>(
        &mut self,
        reason: WhyNot,
        message: Outgoing<'a>,
        now: Now,
    ) -> Result<(), NotSent<'a>> {
        match (reason, self.config.limits.on_full) {
            (WhyNot::Full, OnFull::Drop) => {
                self.overload.get_or_insert_default().dropped += 1;
                Ok(())
            }
            (WhyNot::Full, OnFull::Close(code)) => {
                self.close(Some(CloseReason::truncated(code, "too slow: limits.outbox")), now);
                Err(NotSent { reason: WhyNot::Closed, message })
            }
            (reason, _) => Err(NotSent { reason, message }),
        }
    }
}
