//! A peer that sends more than it may is read no faster than that.

use super::{drive::Drive, state::Looked};
use std::task::{Context, Poll};
use wharf_proto::{CloseCode, EndedBy, Now};

impl Drive {
    /// Ready when what came may be decoded: at once if nobody reads for its content any more, because the connection
    /// closes or has ended.
    pub(super) fn poll_pause(&mut self, at: Now, cx: &mut Context<'_>) -> Poll<()> {
        let Self { shared, inbound, timer, came, .. } = self;
        let mut state = shared.lock();
        *came = state.clock.now();
        if *came < at && state.transport.is_some() && state.outbound.is_open() {
            state.outbound.pause(at);
            let looked = timer.wait(shared, &mut state, cx);
            // Waiting may have found the moment come, or the connection at its end.
            if state.outbound.resume_at().is_some() && state.outbound.is_open() {
                return Poll::Pending;
            }
            if looked == Looked::Lived {
                drop(state);
                shared.span().closing(EndedBy::Local, Some(CloseCode::GOING_AWAY.get()));
                state = shared.lock();
            }
            *came = state.clock.now();
        }
        if !state.outbound.is_open() {
            inbound.lift_rate();
        }
        state.outbound.resume();
        state.outbound.on_bytes(*came);
        Poll::Ready(())
    }
}
