//! A message of unknown length.

use super::shared::{Shared, send_error};
use crate::error::SendError;
use std::{fmt, sync::Arc};
use wharf_proto::{End, Kind, WhyNot};

/// Writes a message fragment by fragment; control frames pass in between (RFC 6455 §5.4).
pub(crate) struct MessageWriter {
    shared: Arc<Shared>,
    end: End,
}

impl MessageWriter {
    /// Begins a message as soon as no other is being written and there is room.
    pub(crate) fn begin(shared: &Arc<Shared>, kind: Kind) -> Result<Self, SendError> {
        let mut state = shared.lock();
        loop {
            match state.outbound.begin_message(kind) {
                Ok(()) => return Ok(Self { shared: Arc::clone(shared), end: End::More }),
                Err(WhyNot::Busy | WhyNot::Full) => state = shared.make_room(state, 0),
                Err(_) => return Err(send_error(&state)),
            }
        }
    }

    fn write(&self, bytes: &[u8], end: End) -> Result<(), SendError> {
        let mut state = self.shared.lock();
        loop {
            match state.queue_fragment(bytes, end, self.shared.clock.now()) {
                Ok(()) => return self.shared.settle(state),
                // The message under way is this one: what it waits for is room.
                Err(WhyNot::Full) => state = self.shared.make_room(state, bytes.len()),
                Err(_) => return Err(send_error(&state)),
            }
        }
    }

    fn finish(mut self) -> Result<(), SendError> {
        self.write(&[], End::Last)?;
        self.end = End::Last;
        self.shared.tell();
        Ok(())
    }
}

impl Drop for MessageWriter {
    fn drop(&mut self) {
        if self.end == End::More {
            let mut state = self.shared.lock();
            state.outbound.abandon_message(self.shared.clock.now());
            self.shared.tell();
            // What cannot be told will be seen by whoever reads.
            let _ = self.shared.settle(state);
        }
    }
}

/// Writes a text of unknown length.
///
/// Other messages wait until it is finished. Dropping it unfinished closes the connection, unless nothing was written:
/// the peer could not tell a text that was cut from a whole one.
#[derive(Debug)]
pub struct TextWriter(pub(crate) MessageWriter);

impl TextWriter {
    /// Writes a fragment; returns when the system has it.
    ///
    /// # Errors
    /// The connection is closing or closed.
    pub fn write(&mut self, text: &str) -> Result<(), SendError> {
        self.0.write(text.as_bytes(), End::More)
    }

    /// Ends the message.
    ///
    /// # Errors
    /// The connection is closing or closed.
    pub fn finish(self) -> Result<(), SendError> {
        self.0.finish()
    }
}

/// Writes a binary message of unknown length.
///
/// Other messages wait until it is finished. Dropping it unfinished closes the connection, unless nothing was written:
/// the peer could not tell a message that was cut from a whole one.
#[derive(Debug)]
pub struct BinaryWriter(pub(crate) MessageWriter);

impl BinaryWriter {
    /// Writes a fragment; returns when the system has it.
    ///
    /// # Errors
    /// The connection is closing or closed.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), SendError> {
        self.0.write(bytes, End::More)
    }

    /// Ends the message.
    ///
    /// # Errors
    /// The connection is closing or closed.
    pub fn finish(self) -> Result<(), SendError> {
        self.0.finish()
    }
}

impl fmt::Debug for MessageWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageWriter").field("end", &self.end).finish_non_exhaustive()
    }
}
