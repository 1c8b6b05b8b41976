//! What ends an open WebSocket with an error.

use std::{fmt, io, sync::Arc};
use wharf_proto::{CloseCode, Ending, Fault, ProtocolError, Silence};

/// Why a connection failed. A normal end is no error: see [`WebSocket::ending`](crate::WebSocket::ending).
#[derive(Debug, Clone)]
pub struct Error(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Protocol(ProtocolError),
    Silence(Silence),
    Io(Arc<io::Error>),
    Closed,
}

impl Error {
    pub(crate) fn io(error: io::Error) -> Self {
        Self(Kind::Io(Arc::new(error)))
    }

    pub(crate) const fn closed() -> Self {
        Self(Kind::Closed)
    }

    /// The rule or the limit that the peer broke, if that was it. The peer was told with its close code.
    pub const fn protocol_error(&self) -> Option<&ProtocolError> {
        match &self.0 {
            Kind::Protocol(error) => Some(error),
            Kind::Silence(_) | Kind::Io(_) | Kind::Closed => None,
        }
    }

    /// The code that the peer was told.
    pub const fn close_code(&self) -> Option<CloseCode> {
        match self.protocol_error() {
            Some(error) => Some(error.close_code()),
            None => None,
        }
    }

    /// Whether the peer or the transport gave no sign of life for longer than a timeout allows.
    pub const fn is_timeout(&self) -> bool {
        matches!(self.0, Kind::Silence(_))
    }

    /// Whether the transport failed.
    pub const fn is_io(&self) -> bool {
        matches!(self.0, Kind::Io(_))
    }

    /// Whether a message was to be sent after a Close was sent or received.
    pub const fn is_closed(&self) -> bool {
        matches!(self.0, Kind::Closed)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Silence(silence) => Self(Kind::Silence(silence)),
            Fault::Protocol(error) => Self(Kind::Protocol(error)),
            other => Self::io(io::Error::other(other)),
        }
    }
}

impl From<ProtocolError> for Error {
    fn from(error: ProtocolError) -> Self {
        Self(Kind::Protocol(error))
    }
}

impl From<SendError> for Error {
    fn from(_: SendError) -> Self {
        Self::closed()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Protocol(error) => error.fmt(f),
            Kind::Silence(silence) => silence.fmt(f),
            Kind::Io(error) => write!(f, "transport failed: {error}"),
            Kind::Closed => f.write_str("the connection is closing or closed"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Kind::Protocol(error) => Some(error),
            Kind::Io(error) => Some(error),
            Kind::Silence(_) | Kind::Closed => None,
        }
    }
}

/// A message was not sent, because a Close was sent or received, or the transport failed.
#[derive(Debug, Clone)]
pub struct SendError {
    pub(crate) ending: Option<Ending>,
}

impl SendError {
    /// How the connection ended, if it has ended already and is not just closing.
    pub const fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.ending {
            Some(ending) => write!(f, "not sent: {ending}"),
            None => f.write_str("not sent: the connection is closing"),
        }
    }
}

impl std::error::Error for SendError {}
