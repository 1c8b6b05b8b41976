//! A message of unknown length.

use super::sender::Sender;
use crate::error::SendError;
use std::future::poll_fn;
use wharf_proto::{End, WhyNot};

/// Writes a message fragment by fragment; control frames pass in between (RFC 6455 §5.4).
#[derive(Debug)]
pub(crate) struct MessageWriter {
    sender: Sender,
    end: End,
}

impl MessageWriter {
    pub(crate) const fn new(sender: Sender) -> Self {
        Self { sender, end: End::More }
    }

    async fn write(&self, bytes: &[u8], end: End) -> Result<(), SendError> {
        loop {
            match self.offer(bytes, end) {
                Ok(()) => return Ok(()),
                Err(WhyNot::Full) => {
                    poll_fn(|cx| self.sender.poll_fragment_room(bytes.len(), cx)).await
                }
                Err(_) => return Err(self.sender.send_error()),
            }
        }
    }

    fn offer(&self, bytes: &[u8], end: End) -> Result<(), WhyNot> {
        let mut state = self.sender.shared.lock();
        let now = state.clock.now();
        state.lend_storage();
        state.outbound.write_fragment(bytes, end, now)?;
        self.sender.shared.dispatch(state);
        Ok(())
    }

    async fn finish(mut self) -> Result<(), SendError> {
        self.write(&[], End::Last).await?;
        self.end = End::Last;
        self.sender.shared.lock().wake_waiting();
        Ok(())
    }
}

impl Drop for MessageWriter {
    fn drop(&mut self) {
        if self.end == End::More {
            let mut state = self.sender.shared.lock();
            let now = state.clock.now();
            state.outbound.abandon_message(now);
            state.flush(&self.sender.shared);
            state.wake_reader();
            state.wake_waiting();
        }
    }
}

/// Writes a text of unknown length.
///
/// Other messages wait until it is finished. Dropping it unfinished closes the connection, unless nothing
/// was written: the peer could not tell a text that was cut from a whole one.
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
