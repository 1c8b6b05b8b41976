//! From serving to gone.

/// How far a server has gone towards its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Not at all.
    Serving,
    /// It accepts no more and closes what is open.
    Draining,
    /// It drops everything.
    Cut,
}
