//! A message of unknown length.

use super::shared::Shared;
use crate::error::SendError;
use std::{fmt, future::poll_fn, sync::Arc};
use wharf_proto::{End, Kind, WhyNot};

/// Writes a message fragment by fragment; control frames pass in between (RFC 6455 §5.4).
pub(crate) struct MessageWriter {
    shared: Arc<Shared>,
    end: End,
}

impl MessageWriter {
    /// Begins a message as soon as no other is being written and there is room.
    pub(crate) async fn begin(shared: &Arc<Shared>, kind: Kind) -> Result<Self, SendError> {
        let begun = poll_fn(|cx| {
            shared.poll_sender(cx, |state| match state.outbound.begin_message(kind) {
                Err(WhyNot::Busy | WhyNot::Full) => None,
                done => Some(done),
            })
        });
        match begun.await {
            Ok(()) => Ok(Self { shared: Arc::clone(shared), end: End::More }),
            Err(_) => Err(shared.send_error()),
        }
    }

    async fn write(&self, bytes: &[u8], end: End) -> Result<(), SendError> {
        let written = poll_fn(|cx| {
            self.shared.poll_sender(cx, |state| match state.write_fragment(bytes, end) {
                Err(WhyNot::Full) => None,
                done => Some(done),
            })
        });
        match written.await {
            Ok(()) => {
                self.shared.dispatch(self.shared.lock());
                Ok(())
            }
            Err(_) => Err(self.shared.send_error()),
        }
    }

    async fn finish(mut self) -> Result<(), SendError> {
        self.write(&[], End::Last).await?;
        self.end = End::Last;
        self.shared.lock().waiters.wake_senders();
        Ok(())
    }
}

impl Drop for MessageWriter {
    fn drop(&mut self) {
        if self.end == End::More {
            let mut state = self.shared.lock();
            let now = state.clock.now();
            state.outbound.abandon_message(now);
            self.shared.flush(&mut state);
            state.waiters.wake_all();
        }
    }
}

/// Writes a text of unknown length.
///
/// Other messages wait until it is finished. Dropping it unfinished closes the connection, unless nothing
/// was written: the peer could not tell a text that was cut from a whole one.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use wharf::{Agreement, Bytes, Config, MessageRef, Role, WebSocket};
/// # let (near, far) = tokio::io::duplex(1024);
/// # let open = |io, role| WebSocket::over(io, role, Agreement::default(), Bytes::new(), Config::new(role));
/// # let (socket, mut peer) = (open(near, Role::Server)?, open(far, Role::Client)?);
/// let mut text = socket.write_text().await?;
/// for word in ["one ", "two ", "three"] {
///     text.write(word).await?;
/// }
/// text.finish().await?;
/// # assert_eq!(peer.recv_ref().await?, Some(MessageRef::Text("one two three")));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TextWriter(pub(crate) MessageWriter);

impl TextWriter {
    /// Writes a fragment; waits while the outbox is full.
    ///
    /// # Errors
    /// The connection is closing or closed.
    ///
    /// # Cancel safety
    /// If the future is dropped before it is ready nothing of `text` was written.
    pub async fn write(&mut self, text: &str) -> Result<(), SendError> {
        self.0.write(text.as_bytes(), End::More).await
    }

    /// Ends the message.
    ///
    /// # Errors
    /// The connection is closing or closed.
    ///
    /// # Cancel safety
    /// Dropping the future is dropping the writer.
    pub async fn finish(self) -> Result<(), SendError> {
        self.0.finish().await
    }
}

/// Writes a binary message of unknown length.
///
/// Other messages wait until it is finished. Dropping it unfinished closes the connection, unless nothing
/// was written: the peer could not tell a message that was cut from a whole one.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use wharf::{Agreement, Bytes, Config, MessageRef, Role, WebSocket};
/// # let (near, far) = tokio::io::duplex(1024);
/// # let open = |io, role| WebSocket::over(io, role, Agreement::default(), Bytes::new(), Config::new(role));
/// # let (socket, mut peer) = (open(near, Role::Server)?, open(far, Role::Client)?);
/// let mut message = socket.write_binary().await?;
/// message.write(&[1, 2]).await?;
/// message.write(&[3]).await?;
/// message.finish().await?;
/// # assert_eq!(peer.recv_ref().await?, Some(MessageRef::Binary(&[1, 2, 3])));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct BinaryWriter(pub(crate) MessageWriter);

impl BinaryWriter {
    /// Writes a fragment; waits while the outbox is full.
    ///
    /// # Errors
    /// The connection is closing or closed.
    ///
    /// # Cancel safety
    /// If the future is dropped before it is ready nothing of `bytes` was written.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), SendError> {
        self.0.write(bytes, End::More).await
    }

    /// Ends the message.
    ///
    /// # Errors
    /// The connection is closing or closed.
    ///
    /// # Cancel safety
    /// Dropping the future is dropping the writer.
    pub async fn finish(self) -> Result<(), SendError> {
        self.0.finish().await
    }
}

impl fmt::Debug for MessageWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageWriter").field("end", &self.end).finish_non_exhaustive()
    }
}
