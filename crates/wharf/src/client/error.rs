//! Why a connection was not opened.

use super::{
    stage::Stage,
    target::UrlError,
    tls::{TlsError, is_of_tls},
};
use bytes::Bytes;
use http::Response;
use std::{error::Error, fmt, io, time::Duration};
use wharf_proto::{HeadError, OfferError, ResponseError};

/// A connection was not opened: at which [`stage`](Self::stage), with whom, and why.
///
/// The message says all that wharf knows; where another library knows more, [`source`](Error::source) has
/// it: an [`io::Error`] of the network, with rustls's error in it where TLS failed.
#[derive(Debug)]
pub struct ConnectError(Box<Failure>);

#[derive(Debug)]
struct Failure {
    stage: Stage,
    peer: String,
    cause: Cause,
}

/// What went wrong; the stage says where.
#[derive(Debug)]
pub(crate) enum Cause {
    Url(UrlError),
    Offer(OfferError),
    Io(io::Error),
    Tls(TlsError),
    Head(HeadError),
    Response(ResponseError),
    Refused(Box<Response<Bytes>>),
    TimedOut(Duration),
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<TlsError> for Cause {
    fn from(error: TlsError) -> Self {
        Self::Tls(error)
    }
}

impl From<UrlError> for ConnectError {
    fn from(error: UrlError) -> Self {
        Self::new(Stage::Url, String::new(), Cause::Url(error))
    }
}

impl From<OfferError> for ConnectError {
    fn from(error: OfferError) -> Self {
        Self::new(Stage::Url, String::new(), Cause::Offer(error))
    }
}

impl ConnectError {
    pub(crate) fn new(reached: Stage, peer: String, cause: Cause) -> Self {
        // In TLS 1.3 the client is done before the server has judged its certificate (RFC 8446 §2).
        let stage = if cause.is_of_tls() { Stage::Tls } else { reached };
        Self(Box::new(Failure { stage, peer, cause }))
    }

    /// The stage that failed, or that the deadline struck.
    pub fn stage(&self) -> Stage {
        self.0.stage
    }

    /// Whether time ran out: the client's deadline, or the system's own.
    pub fn is_timeout(&self) -> bool {
        let by_the_system = |error: &io::Error| error.kind() == io::ErrorKind::TimedOut;
        matches!(self.0.cause, Cause::TimedOut(_)) || self.io_error().is_some_and(by_the_system)
    }

    /// Whether the server answered, but not with status 101; its [`response`](Self::response) says why.
    pub fn is_refused(&self) -> bool {
        self.response().is_some()
    }

    /// The server's answer, if it refused the upgrade: status, headers and the beginning of its body
    /// (RFC 6455 §4.1).
    pub fn response(&self) -> Option<&Response<Bytes>> {
        if let Cause::Refused(response) = &self.0.cause { Some(response) } else { None }
    }

    fn io_error(&self) -> Option<&io::Error> {
        if let Cause::Io(error) = &self.0.cause { Some(error) } else { None }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { stage, peer, cause } = &*self.0;
        match cause {
            Cause::Url(_) | Cause::Offer(_) => write!(f, "the URL cannot be used: {cause}"),
            Cause::TimedOut(_) => write!(f, "{cause} during the {} {peer}", Step(*stage)),
            Cause::Refused(_) => write!(f, "{peer} {cause}"),
            // The source says why.
            Cause::Io(_) => write!(f, "{} {peer} failed", Step(*stage)),
            Cause::Tls(_) | Cause::Head(_) | Cause::Response(_) => {
                write!(f, "{} {peer} failed: {cause}", Step(*stage))
            }
        }
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        if let Cause::Tls(error) = &self.0.cause {
            return error.source();
        }
        self.io_error().map(|error| error as _)
    }
}

impl Cause {
    fn is_of_tls(&self) -> bool {
        matches!(self, Self::Io(error) if is_of_tls(error))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(error) => error.fmt(f),
            Self::Offer(error) => error.fmt(f),
            Self::Io(error) => error.fmt(f),
            Self::Tls(error) => error.fmt(f),
            Self::Head(error) => error.fmt(f),
            Self::Response(error) => error.fmt(f),
            Self::Refused(response) => write!(
                f,
                "answered {} instead of 101 Switching Protocols (RFC 6455 §4.1)",
                response.status()
            ),
            Self::TimedOut(limit) => write!(f, "timed out after {limit:?}"),
        }
    }
}

/// A stage, up to the name of the peer.
struct Step(Stage);

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let preposition = match self.0 {
            Stage::Url | Stage::Resolve => "of",
            Stage::Connect => "to",
            Stage::Tls | Stage::Upgrade => "with",
        };
        write!(f, "{} {preposition}", self.0)
    }
}
