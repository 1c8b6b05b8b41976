//! A message that waits to be accepted.

use super::sender::Sender;
use crate::error::SendError;
use std::task::{Context, Poll, ready};
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
