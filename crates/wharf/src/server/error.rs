//! Why a connection was not accepted.

use super::proxies::error::{ForwardedError, ProxyHeaderError};
use http::StatusCode;
use std::{error::Error, fmt, io, time::Duration};
use wharf_proto::{NotOffered, Refusal};

/// A connection did not become a WebSocket; by whose fault, and where.
///
/// Wherever the peer's request was at fault, it has been answered with the right status already, as far as the
/// peer took the answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum AcceptError {
    /// The request broke a rule, passed a limit, or came from a foreign origin. It was answered.
    Request(Refusal),
    /// A plain HTTP request, answered with this status by the fallback or with 426.
    Plain(StatusCode),
    /// A trusted proxy does not say, or not so that it can be understood, for whom it asks. It was answered with 400.
    Forwarded(ForwardedError),
    /// A connection from a network that must send a PROXY header starts otherwise. It was closed without an answer.
    Proxy(ProxyHeaderError),
    /// The peer left before it was answered.
    Left(AcceptStage),
    /// The transport failed.
    Io(AcceptStage, io::Error),
    /// The peer broke TLS, or did not get as far as agreeing on it.
    Tls(io::Error),
    /// The peer was too slow: the stage that its time ran out in, and the time it had.
    TimedOut(AcceptStage, Duration),
    /// The server, or the acceptor's [`Drain`](crate::Drain), lets nobody in any more; the request was answered
    /// with 503.
    ShuttingDown,
    /// The application's own answer cannot be sent; the request was answered with 500.
    Answer(NotOffered),
}

/// Where a connection was on its way to a WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AcceptStage {
    /// Reading the PROXY header of a trusted proxy.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// Reading the request.
    Request,
    /// Writing the answer.
    Answer,
}

impl AcceptError {
    pub(super) fn io(stage: AcceptStage, error: io::Error) -> Self {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
        let left = [BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof];
        if is_of_tls(&error) {
            Self::Tls(error)
        } else if left.contains(&error.kind()) {
            Self::Left(stage)
        } else {
            Self::Io(stage, error)
        }
    }
}

/// TLS can fail at any stage, not only in its handshake: with a record that was tampered with, for example.
#[cfg(feature = "rustls")]
fn is_of_tls(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>())
}

#[cfg(not(feature = "rustls"))]
fn is_of_tls(_error: &io::Error) -> bool {
    false
}

impl fmt::Display for AcceptStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Proxy => "reading the PROXY header",
            Self::Tls => "the TLS handshake",
            Self::Request => "reading the request",
            Self::Answer => "writing the answer",
        })
    }
}

impl fmt::Display for AcceptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(refusal) => write!(f, "request refused: {refusal}"),
            Self::Plain(status) => {
                write!(f, "peer asked for no WebSocket; it was answered with {status}")
            }
            Self::Forwarded(error) => write!(f, "request refused: {error}"),
            Self::Proxy(error) => write!(f, "no PROXY header: {error}"),
            Self::Left(stage) => write!(f, "peer left during {stage}"),
            Self::Io(stage, error) => write!(f, "the transport failed during {stage}: {error}"),
            Self::Tls(error) => write!(f, "TLS failed: {error}"),
            Self::TimedOut(stage, limit) => {
                write!(f, "{stage} took more than {limit:?} (Acceptor's handshake_timeout)")
            }
            Self::ShuttingDown => f.write_str("the server is going down; the peer was told 503"),
            Self::Answer(error) => write!(f, "the answer to the request is wrong: {error}"),
        }
    }
}

impl Error for AcceptError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io(_, error) | Self::Tls(error) => Some(error),
            Self::Forwarded(error) => Some(error),
            Self::Proxy(error) => Some(error),
            Self::Request(_)
            | Self::Plain(_)
            | Self::Left(_)
            | Self::TimedOut(..)
            | Self::ShuttingDown
            | Self::Answer(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_says_whose_fault_it_is_and_where() {
        let reset = || io::Error::new(io::ErrorKind::ConnectionReset, "reset");
        let odd = io::Error::other("odd");
        for (error, says) in [
            (
                AcceptError::Request(Refusal::Connection),
                "request refused: client sent no \"upgrade\" in Connection (RFC 6455 §4.2.1, item 4)",
            ),
            (
                AcceptError::Plain(StatusCode::OK),
                "peer asked for no WebSocket; it was answered with 200 OK",
            ),
            (
                AcceptError::io(AcceptStage::Request, reset()),
                "peer left during reading the request",
            ),
            (
                AcceptError::io(AcceptStage::Answer, odd),
                "the transport failed during writing the answer: odd",
            ),
            (
                AcceptError::TimedOut(AcceptStage::Tls, Duration::from_secs(10)),
                "the TLS handshake took more than 10s (Acceptor's handshake_timeout)",
            ),
        ] {
            assert_eq!(error.to_string(), says);
        }
    }
}
