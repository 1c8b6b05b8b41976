//! How far a drain is.

/// How far a drain is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DrainProgress {
    /// Whether it has begun, and whether it is over.
    pub phase: DrainPhase,
    /// Connections that are open, and handshakes that were let in.
    pub open: usize,
    /// What became of those who left since it began.
    pub summary: DrainSummary,
}

/// Whether a drain has begun, and whether it is over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DrainPhase {
    /// Everybody is welcome.
    #[default]
    Serving,
    /// Nobody is let in, and who is here is sent away.
    Draining,
    /// Nobody is here.
    Over,
}

/// How the connections ended that were open when a drain began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DrainSummary {
    /// Both ends said Close, whoever began.
    pub clean: usize,
    /// The peer did not answer the Close within [`Timeouts::close`](crate::Timeouts::close), the transport
    /// broke, or the socket was dropped.
    pub unclean: usize,
    /// Still open at the deadline, and cut.
    pub cut: usize,
}

impl DrainSummary {
    /// All of them.
    pub const fn total(&self) -> usize {
        self.clean + self.unclean + self.cut
    }
}
