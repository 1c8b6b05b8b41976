//! The runtime's timer, armed lazily.

use super::{
    clock::Clock,
    shared::Shared,
    state::{Looked, State},
    waiters::Registered,
};
use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
};
use tokio::{
    task::coop,
    time::{Sleep, sleep_until},
};
use wharf_proto::Now;

/// One sleep. Traffic moves a deadline without touching it: it is re-armed when it fires early, or when the
/// deadline came nearer.
#[derive(Default)]
pub(crate) struct Timer {
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Timer {
    /// The reader has nothing to do: does what is due, and arms the timer for what will be.
    pub(crate) fn wait(
        &mut self,
        shared: &Shared,
        state: &mut State,
        cx: &mut Context<'_>,
    ) -> Looked {
        let registered = state.waiters.register_reader(cx.waker());
        let mut looked = Looked::No;
        if registered == Registered::Anew || !self.is_armed(state) {
            looked = self.run(shared, state, cx);
        }
        // A transport may have replaced the writer's waker by the reader's: the last word is the writer's.
        if !state.outbound.outbox().is_empty() {
            shared.write(state);
        }
        looked
    }

    /// Whether the timer will wake the one who drives in time as it is: deadlines that only traffic moves
    /// come no nearer.
    fn is_armed(&self, state: &State) -> bool {
        state.is_calm() && self.sleep.as_ref().is_some_and(|sleep| !sleep.is_elapsed())
    }

    /// Does what is due, and arms the timer for what will be.
    fn run(&mut self, shared: &Shared, state: &mut State, cx: &mut Context<'_>) -> Looked {
        state.disarm();
        let mut looked = Looked::Yes;
        while let Some(deadline) = state.deadline() {
            if self.poll(deadline, state.clock, cx).is_pending() {
                state.arm(deadline);
                return looked;
            }
            if state.time_out() == Looked::Lived {
                looked = Looked::Lived;
            }
            shared.write(state);
        }
        looked
    }

    /// Ready when `deadline` may have come.
    fn poll(&mut self, deadline: Now, clock: Clock, cx: &mut Context<'_>) -> Poll<()> {
        let at = clock.instant(deadline);
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if at < sleep.deadline() || sleep.is_elapsed() {
            sleep.as_mut().reset(at);
        }
        // A task that has spent its budget must not leave the timer unset.
        pin!(coop::unconstrained(sleep.as_mut())).poll(cx)
    }
}
