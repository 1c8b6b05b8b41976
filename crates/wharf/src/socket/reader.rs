//! A message in chunks.

use super::drive::{Drive, Next, Watch};
use crate::error::Error;
use std::{fmt, future::poll_fn};
use wharf_proto::{End, Kind};

/// Reads one message chunk by chunk, in bounded memory; control frames are answered in between.
///
/// Dropping it before the end discards the rest of the message.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use wharf::{Agreement, Bytes, Config, Role, WebSocket};
/// # let (near, far) = tokio::io::duplex(1024);
/// # let open = |io, role| WebSocket::over(io, role, Agreement::default(), Bytes::new(), Config::new(role));
/// # let (mut socket, mut peer) = (open(near, Role::Server)?, open(far, Role::Client)?);
/// # tokio::spawn(async move { peer.send(vec![7; 100_000]).await.ok(); peer.drive().await });
/// let mut sum = 0_usize;
/// if let Some(mut message) = socket.recv_reader().await? {
///     while let Some(chunk) = message.chunk().await? {
///         sum += chunk.len();
///     }
/// }
/// assert_eq!(sum, 100_000);
/// # Ok(())
/// # }
/// ```
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
        let next = poll_fn(|cx| self.drive.poll_next(cx, Watch::Data)).await?;
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
