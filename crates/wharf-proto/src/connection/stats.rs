//! Plain counters.

use core::time::Duration;

/// Payload bytes of the messages that went compressed (RFC 7692): what compression saves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deflated {
    /// On the wire.
    pub compressed: u64,
    /// Before compression, or after inflation.
    pub plain: u64,
}

/// What one end received.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received {
    /// Data messages that came whole.
    pub messages: u64,
    /// Frames of every kind.
    pub frames: u64,
    /// Control frames among them.
    pub control: u64,
    /// Payload bytes as they came, compressed if they were.
    pub bytes: u64,
    /// Of the compressed messages, those that were inflated: one that nobody asks for is not.
    pub deflated: Deflated,
}

/// What one end sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent {
    /// Data messages accepted for sending.
    pub messages: u64,
    /// Payload bytes of these before compression.
    pub bytes: u64,
    /// Messages forgotten because the outbox was full ([`OnFull::Drop`](crate::OnFull::Drop)). They count
    /// among none of the others.
    pub dropped: u64,
    /// Bytes written to the transport, headers among them.
    pub wire_bytes: u64,
    /// Of the messages that were worth their compression.
    pub deflated: Deflated,
    /// Round-trip time of the last Ping that was answered.
    pub round_trip: Option<Duration>,
}

/// Counters of one connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// What came.
    pub received: Received,
    /// What went.
    pub sent: Sent,
}

#[cfg(feature = "deflate")]
impl Deflated {
    pub(crate) const fn add(&mut self, compressed: usize, plain: usize) {
        self.compressed += compressed as u64;
        self.plain += plain as u64;
    }
}

impl Stats {
    /// Both halves' counters.
    pub const fn new(received: Received, sent: Sent) -> Self {
        Self { received, sent }
    }
}
