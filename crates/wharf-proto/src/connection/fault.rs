//! Why a connection failed.

use crate::error::{ProtocolError, Silence};
use core::fmt;

/// Why a connection failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The peer broke a rule.
    Protocol(ProtocolError),
    /// The peer, or the transport, gave no sign of life.
    Silence(Silence),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Protocol(error) => error.fmt(f),
            Self::Silence(silence) => silence.fmt(f),
        }
    }
}

impl core::error::Error for Fault {}
