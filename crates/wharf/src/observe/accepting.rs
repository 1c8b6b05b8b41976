//! The verdict of a server's handshake.

use super::verdict::Verdict;
use crate::server::error::AcceptError;
use wharf_proto::{HeadError, NotOffered, Refusal};

impl From<&AcceptError> for Verdict {
    fn from(error: &AcceptError) -> Self {
        match error {
            AcceptError::Request(refusal) => refusal.into(),
            AcceptError::Forwarded(_) => Self::refused("forwarded"),
            AcceptError::Plain(_) => Self::refused("plain_http"),
            AcceptError::ShuttingDown => Self::refused("shutting_down"),
            AcceptError::Answer(error) => error.into(),
            AcceptError::Proxy(_) => Self::failed("proxy_header"),
            AcceptError::Left(_) => Self::failed("left"),
            AcceptError::Io(..) => Self::failed("transport"),
            AcceptError::Tls(_) => Self::failed("tls"),
            AcceptError::TimedOut(..) => Self::failed("timeout"),
        }
    }
}

impl From<&Refusal> for Verdict {
    fn from(refusal: &Refusal) -> Self {
        if let Refusal::Origin(_) = refusal {
            Self::refused("origin")
        } else if let Refusal::Head(HeadError::TooBig(_)) = refusal {
            Self::refused("limits")
        } else {
            Self::refused("request")
        }
    }
}

impl From<&NotOffered> for Verdict {
    fn from(_: &NotOffered) -> Self {
        Self::refused("answer")
    }
}
