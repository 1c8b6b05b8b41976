//! A message in chunks.

use super::receiver::{Next, Receiver, Watch};
use crate::error::Error;
use std::future::poll_fn;
use wharf_proto::{End, Kind};

/// Reads one message chunk by chunk, in bounded memory; control frames are answered in between.
///
/// Dropping it before the end discards the rest of the message.
#[derive(Debug)]
pub struct MessageReader<'a> {
    receiver: &'a mut Receiver,
    kind: Kind,
    end: End,
}

impl<'a> MessageReader<'a> {
    pub(crate) const fn new(receiver: &'a mut Receiver, kind: Kind) -> Self {
        Self { receiver, kind, end: End::More }
    }

    /// What the message holds.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The next chunk, lent; `None` at the end of the message.
    ///
    /// A text is checked as it comes: its chunks together are UTF-8, but one may end inside a code point.
    ///
    /// # Errors
    /// As [`WebSocket::recv`](crate::WebSocket::recv); and if the connection ends inside the message,
    /// [`Error::is_closed`].
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn chunk(&mut self) -> Result<Option<&[u8]>, Error> {
        if self.end == End::Last {
            return Ok(None);
        }
        let Some(Next::Chunk(piece)) =
            poll_fn(|cx| self.receiver.poll_next(cx, Watch::Data)).await?
        else {
            self.end = End::Last;
            return Err(Error::closed());
        };
        self.end = piece.end();
        let Receiver { inbound, buffer, .. } = &*self.receiver;
        let bytes = inbound.payload(piece.place(), buffer.last());
        Ok((!bytes.is_empty() || self.end == End::More).then_some(bytes))
    }
}
