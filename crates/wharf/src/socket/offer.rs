//! A message that waits to be accepted.

use super::sender::Sender;
use crate::error::SendError;
use std::{
    future::{Future, poll_fn},
    task::{Context, Poll, ready},
};
use tokio::task::coop;
use wharf_proto::Outgoing;

/// A message that is offered until it is accepted.
///
/// It is small, because the future of every handler that sends is larger by it.
pub(super) struct Offer<'a> {
    message: Option<Outgoing<'a>>,
    turn: Turn,
}

/// Whether the task may go on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Unasked,
    Granted,
}

impl<'a> Offer<'a> {
    pub(super) const fn new(message: Outgoing<'a>) -> Self {
        Self { message: Some(message), turn: Turn::Unasked }
    }

    /// Ready when it is accepted, or nothing will be any more.
    #[inline]
    pub(super) fn poll(
        &mut self,
        sender: &Sender,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), SendError>> {
        if self.turn == Turn::Unasked {
            // A task that only sends lets the others run, too. Nothing was accepted yet.
            ready!(coop::poll_proceed(cx)).made_progress();
            self.turn = Turn::Granted;
        }
        loop {
            sender.offer(&mut self.message)?;
            let Some(message) = &self.message else { return Poll::Ready(Ok(())) };
            ready!(sender.poll_room(message.as_bytes().len(), cx));
        }
    }
}

impl Sender {
    /// Sends a message; waits while the outbox is full, unless
    /// [`Limits::on_full`](crate::Limits::on_full) says otherwise.
    ///
    /// When it returns, the message is accepted and on its way: it is written at once, or, in the middle of
    /// a batch of received messages, together with what is sent until the batch is worked off or the task
    /// yields. [`flush`](Self::flush) waits until the system has it. (The main task of a multi-thread runtime,
    /// which `block_on` polls, has no turns: what it sends is written at once, batch or not.)
    ///
    /// # Errors
    /// The connection is closing or closed.
    ///
    /// # Cancel safety
    /// If the future is dropped before it is ready nothing was sent.
    pub fn send<'a>(
        &self,
        message: impl Into<Outgoing<'a>>,
    ) -> impl Future<Output = Result<(), SendError>> {
        let mut offer = Offer::new(message.into());
        poll_fn(move |cx| offer.poll(self, cx))
    }
}
