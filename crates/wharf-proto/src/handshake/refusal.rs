//! Why a server says no, and how.

use super::{
    fault::FieldFault,
    http1::error::{HeadError, HeadLimit},
};
use alloc::{format, string::String};
use bytes::Bytes;
use core::fmt;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode, Version, header};

/// A rule that a request broke, as found by [`examine`](crate::examine) or a
/// [`RequestReader`](crate::RequestReader).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// No `Upgrade: websocket`: an ordinary request, for whoever answers those. 426.
    NotWebSocket,
    /// The head is not HTTP/1.1 or too big. 400, 414, 431 or 505.
    Head(HeadError),
    /// A version of HTTP without `Upgrade`. 505.
    HttpVersion(Version),
    /// Not GET. 405.
    Method(Method),
    /// The target has no path. 400.
    Target,
    /// `Host` is not one host with or without a port. 400.
    Host(FieldFault),
    /// `Connection` does not list `upgrade`. 400.
    Connection,
    /// `Sec-WebSocket-Version` is not 13. 426.
    Version(FieldFault),
    /// `Sec-WebSocket-Key` is not 16 bytes in base64. 400.
    Key(FieldFault),
    /// The header announces a body. 400.
    Body(HeaderName),
    /// `Sec-WebSocket-Protocol` is no list of unique tokens. 400.
    Subprotocols(FieldFault),
    /// `Sec-WebSocket-Extensions` is no list of extensions. 400.
    Extensions,
    /// `Origin` is not one line of ASCII. 400.
    OriginHeader(FieldFault),
    /// The [`OriginPolicy`](crate::OriginPolicy) does not let this origin in. 403.
    Origin(Option<String>),
}

impl Refusal {
    /// The status to answer with.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotWebSocket | Self::Version(_) => StatusCode::UPGRADE_REQUIRED,
            Self::Head(error) => head_status(error),
            Self::HttpVersion(_) => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Target
            | Self::Host(_)
            | Self::Connection
            | Self::Key(_)
            | Self::Body(_)
            | Self::Subprotocols(_)
            | Self::Extensions
            | Self::OriginHeader(_) => StatusCode::BAD_REQUEST,
            Self::Origin(_) => StatusCode::FORBIDDEN,
        }
    }

    /// The answer: the status, the headers it asks for, and a line of text that names the rule.
    pub fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(format!("{self}\n")));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        for &(ref name, value) in self.remedy() {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }

    /// What the client should do instead. A 426 must name what to upgrade to (RFC 9110 §15.5.22), and whoever
    /// sends `Upgrade` names it in `Connection` (§7.8).
    fn remedy(&self) -> &'static [(HeaderName, &'static str)] {
        const UPGRADE: (HeaderName, &str) = (header::UPGRADE, "websocket");
        const CONNECTION: (HeaderName, &str) = (header::CONNECTION, "upgrade");
        const VERSION: (HeaderName, &str) = (header::SEC_WEBSOCKET_VERSION, "13");
        match self {
            Self::NotWebSocket | Self::Version(_) => const { &[UPGRADE, CONNECTION, VERSION] },
            Self::Method(_) => const { &[(header::ALLOW, "GET")] },
            Self::Head(_)
            | Self::HttpVersion(_)
            | Self::Target
            | Self::Host(_)
            | Self::Connection
            | Self::Key(_)
            | Self::Body(_)
            | Self::Subprotocols(_)
            | Self::Extensions
            | Self::OriginHeader(_)
            | Self::Origin(_) => &[],
        }
    }
}

const fn head_status(error: &HeadError) -> StatusCode {
    match error {
        HeadError::Malformed(_) | HeadError::Ended(_) => StatusCode::BAD_REQUEST,
        HeadError::Version => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
        HeadError::TooBig(HeadLimit::StartLine(_)) => StatusCode::URI_TOO_LONG,
        HeadError::TooBig(_) => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    }
}

impl From<HeadError> for Refusal {
    fn from(error: HeadError) -> Self {
        Self::Head(error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWebSocket => f.write_str(
                "client sent no \"websocket\" in Upgrade: only WebSockets are served here (RFC 6455 §4.2.1, item 3)",
            ),
            Self::Head(error) => error.fmt(f),
            Self::HttpVersion(version) => write!(
                f,
                "client asked for an upgrade in {version:?}: it takes HTTP/1.1 (RFC 6455 §4.2.1, item 1)"
            ),
            Self::Method(method) => {
                write!(f, "client sent {method}: it must be GET (RFC 6455 §4.2.1, item 1)")
            }
            Self::Target => {
                f.write_str("client asked for no path (RFC 6455 §4.2.1, item 1; RFC 9112 §3.2)")
            }
            Self::Host(fault) => write!(
                f,
                "client {fault} Host: it must be one host, and a port if need be (RFC 6455 §4.2.1, item 2)"
            ),
            Self::Connection => {
                f.write_str("client sent no \"upgrade\" in Connection (RFC 6455 §4.2.1, item 4)")
            }
            Self::Version(fault) => write!(
                f,
                "client {fault} Sec-WebSocket-Version: it must be 13 (RFC 6455 §4.2.1, item 6)"
            ),
            Self::Key(fault) => write!(
                f,
                "client {fault} Sec-WebSocket-Key: it must be 16 bytes in base64, once (RFC 6455 §4.2.1, item 5)"
            ),
            Self::Body(name) => write!(
                f,
                "client sent {name}: a request for a WebSocket has no body (RFC 6455 §4.1)"
            ),
            Self::Subprotocols(fault) => write!(
                f,
                "client {fault} Sec-WebSocket-Protocol: it must list tokens, each once (RFC 6455 §4.1, item 10)"
            ),
            Self::Extensions => f.write_str(
                "client sent an invalid Sec-WebSocket-Extensions: it must list extensions (RFC 6455 §9.1)",
            ),
            Self::OriginHeader(fault) => {
                write!(f, "client {fault} Origin: it must be one line of ASCII (RFC 6454 §7)")
            }
            Self::Origin(Some(origin)) => {
                write!(f, "client comes from origin {origin:?}, which may not connect (RFC 6455 §10.2)")
            }
            Self::Origin(None) => {
                f.write_str("client sent no Origin, which is asked for here (RFC 6455 §10.2)")
            }
        }
    }
}

impl core::error::Error for Refusal {}
