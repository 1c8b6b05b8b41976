//! A message in chunks.

use super::drive::{Drive, Next, Watch};
use crate::error::Error;
use std::fmt;
use wharf_proto::{End, Kind};

/// Reads one message chunk by chunk, in bounded memory; control frames are answered in between.
///
/// Dropping it before the end discards the rest of the message.
pub struct MessageReader<'a> {
    drive: &'a mut Drive,
    kind: Kind,
    end: End,
}

impl<'a> MessageReader<'a> {
    pub(crate) const fn new(drive: &'a mut Drive, kind: Kind) -> Self {
        Self { drive, kind, end: End::More }
    }

    /// What the message holds.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Waits for the next chunk, and lends it; `None` at the end of the message.
    ///
    /// A text is checked as it comes: its chunks together are UTF-8, but one may end inside a code point.
    ///
    /// # Errors
    /// As [`WebSocket::recv`](super::WebSocket::recv); and if the connection ends inside the message,
    /// [`Error::is_closed`].
    pub fn chunk(&mut self) -> Result<Option<&[u8]>, Error> {
        if self.end == End::Last {
            return Ok(None);
        }
        let next = self.drive.next(Watch::Data)?;
        let Some(Next::Chunk(piece)) = next else { return Err(Error::closed()) };
        self.end = piece.end();
        let bytes = self.drive.piece(&piece);
        Ok((!bytes.is_empty() || self.end == End::More).then_some(bytes))
    }
}

impl fmt::Debug for MessageReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageReader").field("kind", &self.kind).finish_non_exhaustive()
    }
}
