//! Why a request is no request for a WebSocket, or not a good one.

use crate::drain::refusal::Draining;
use bytes::Bytes;
use http::{Response, StatusCode, Version};
use std::{error::Error, fmt};
use wharf_proto::Refusal;

/// A request that becomes no WebSocket. Nobody has answered it yet: [`response`](Self::response) is what to
/// answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpgradeRejection {
    /// It broke a rule, comes from a foreign origin, or asks for something else.
    Request(Refusal),
    /// It carries no connection to take over: it did not come from hyper, or somebody has taken it. 500.
    NoConnection,
    /// The [`Drain`](crate::Drain) has begun. 503 with `Retry-After`.
    Draining(Draining),
}

impl UpgradeRejection {
    /// Whether it asks for no WebSocket, or in a way that is not served here (HTTP/2): for a service beside,
    /// if there is one.
    pub fn is_plain(&self) -> bool {
        match self {
            Self::Request(Refusal::NotWebSocket) => true,
            Self::Request(Refusal::HttpVersion(version)) => *version > Version::HTTP_11,
            Self::Request(_) | Self::NoConnection | Self::Draining(_) => false,
        }
    }

    /// The status to answer with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Request(refusal) => refusal.status(),
            Self::NoConnection => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Draining(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The answer: the status, the headers it asks for, and a line of text that says why.
    pub fn response(&self) -> Response<Bytes> {
        match self {
            Self::Request(refusal) => refusal.response(),
            Self::NoConnection => {
                let mut response = Response::new(Bytes::from_static(b"no WebSockets here\n"));
                *response.status_mut() = self.status();
                response
            }
            Self::Draining(draining) => draining.response(),
        }
    }
}

impl From<Refusal> for UpgradeRejection {
    fn from(refusal: Refusal) -> Self {
        Self::Request(refusal)
    }
}

impl From<Draining> for UpgradeRejection {
    fn from(draining: Draining) -> Self {
        Self::Draining(draining)
    }
}

impl fmt::Display for UpgradeRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(refusal) => refusal.fmt(f),
            Self::NoConnection => f.write_str(
                "the request carries no connection to take over: it did not come from hyper, or was upgraded already",
            ),
            Self::Draining(draining) => draining.fmt(f),
        }
    }
}

impl Error for UpgradeRejection {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Request(refusal) => Some(refusal),
            Self::Draining(draining) => Some(draining),
            Self::NoConnection => None,
        }
    }
}
