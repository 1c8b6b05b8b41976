//! What a peer is like.

use crate::fault::Fault;
use std::time::Duration;

/// Which end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It connected, and masks.
    Client,
    /// It was connected to.
    Server,
}

/// Whether permessage-deflate is accepted, or offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    /// It is; a client offers this.
    On(&'static str),
    /// It is not.
    Off,
}

/// What a peer is like: its limits, its patience, and what is wrong with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setup {
    /// What is wrong with it.
    pub(crate) fault: Option<Fault>,
    /// Whether it compresses.
    pub(crate) compression: Compression,
    /// Bytes of a message, inflated.
    pub(crate) message: usize,
    /// Frames of a message.
    pub(crate) fragments: u32,
    /// From the connection to the end of the request or response.
    pub(crate) handshake: Duration,
    /// From its Close, or the end, to the end of TCP.
    pub(crate) closing: Duration,
    /// Without a byte from the peer.
    pub(crate) idle: Duration,
}

impl Setup {
    /// A peer that is right in everything.
    pub(crate) const CORRECT: Self = Self {
        fault: None,
        compression: Compression::On("permessage-deflate; client_max_window_bits"),
        message: 1 << 20,
        fragments: 4096,
        handshake: Duration::from_secs(4),
        closing: Duration::from_secs(3),
        idle: Duration::from_secs(5),
    };

    /// A peer with one fault, and with an offer that lets it show.
    pub(crate) const fn broken(fault: Fault) -> Self {
        let compression = match fault {
            Fault::IgnoresClientBits => Compression::On("permessage-deflate"),
            Fault::IgnoresServerBits => {
                Compression::On("permessage-deflate; server_max_window_bits=10")
            }
            _ => Self::CORRECT.compression,
        };
        Self { fault: Some(fault), compression, ..Self::CORRECT }
    }

    /// Whether `fault` is what is wrong.
    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Whether one of `faults` is what is wrong.
    pub(crate) fn has_one(&self, faults: &[Fault]) -> bool {
        faults.iter().any(|fault| self.has(*fault))
    }
}
