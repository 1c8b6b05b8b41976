//! What an audit may do.

use std::time::Duration;

/// What an audit may do. The default does nothing that a server could suffer from.
#[derive(Debug, Clone)]
pub struct AuditPlan {
    /// A value of `Cookie` that belongs to the user: connections are opened with it, and foreign pages try it.
    pub cookie: Option<String>,
    /// An Origin that is welcome, if the server's own is not.
    pub origin: Option<String>,
    /// How long an unfinished handshake is left standing.
    pub patience: Duration,
    /// How long a silent connection is left standing, if it is.
    pub idle: Option<Duration>,
    /// Whether a message may be sent that inflates to 64 MiB.
    pub bomb: Bomb,
    /// Whether a thousand pings may be sent.
    pub ping_flood: PingFlood,
}

/// Whether a message may be sent that inflates to 64 MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bomb {
    /// It is sent, once.
    Sent,
    /// It is not.
    Unsent,
}

/// Whether a thousand pings may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PingFlood {
    /// They are sent, once.
    Sent,
    /// They are not.
    Unsent,
}

impl Default for AuditPlan {
    fn default() -> Self {
        Self {
            cookie: None,
            origin: None,
            patience: Duration::from_secs(15),
            idle: None,
            bomb: Bomb::Unsent,
            ping_flood: PingFlood::Unsent,
        }
    }
}
