//! The two ends of a connection.

use serde::{Deserialize, Serialize};

/// An end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It connects, and masks what it sends (RFC 6455 §5.3).
    Client,
    /// It accepts, and masks nothing.
    Server,
}

impl Role {
    /// The end that this one speaks to.
    pub const fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// `client` or `server`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}
