//! What became of the connections of a server.

/// How the connections ended that were open when the shutdown began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShutdownSummary {
    /// Their handler ended within the limit.
    pub closed: usize,
    /// Their handler was aborted at the limit.
    pub cut: usize,
}

/// How far a connection came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Reached {
    /// No handler has seen it.
    #[default]
    Handshake,
    /// A handler has.
    Handler,
}
