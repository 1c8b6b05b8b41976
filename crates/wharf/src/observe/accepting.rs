//! The verdict of a server's handshake.

use super::verdict::Verdict;
use crate::server::error::AcceptError;
use wharf_proto::{HeadError, Refusal};

impl From<&AcceptError> for Verdict {
    fn from(error: &AcceptError) -> Self {
        match error {
            AcceptError::Request(Refusal::Origin(_)) => Self::refused("origin"),
            AcceptError::Request(Refusal::Head(HeadError::TooBig(_))) => Self::refused("limits"),
            AcceptError::Request(_) => Self::refused("request"),
            AcceptError::Plain(_) => Self::refused("plain_http"),
            AcceptError::ShuttingDown => Self::refused("shutting_down"),
            AcceptError::Answer(_) => Self::refused("answer"),
            AcceptError::Left(_) => Self::failed("left"),
            AcceptError::Io(..) => Self::failed("transport"),
            AcceptError::Tls(_) => Self::failed("tls"),
            AcceptError::TimedOut(..) => Self::failed("timeout"),
        }
    }
}
