//! Why a connection was not opened.

use super::{
    stage::Stage,
    target::UrlError,
    tls::error::{TlsError, is_of_tls},
};
use bytes::Bytes;
use http::Response;
use std::{error::Error, fmt, io, time::Duration};
use wharf_proto::{HeadError, ResponseError};

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

    /// What is wrong with the URL, if that was it.
    pub fn url_error(&self) -> Option<&UrlError> {
        if let Cause::Url(error) = &self.0.cause { Some(error) } else { None }
    }

    /// The server's answer, if it refused the upgrade: status, headers and the beginning of its body,
    /// 64 KiB at most and no more than came within two seconds (RFC 6455 §4.1).
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
            Cause::Url(_) => write!(f, "the URL cannot be used: {cause}"),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn message(stage: Stage, cause: impl Into<Cause>) -> String {
        ConnectError::new(stage, "h:80".into(), cause.into()).to_string()
    }

    /// Checklist 9, 10.
    #[test]
    fn a_deadline_says_what_it_interrupted() {
        let limit = || Cause::TimedOut(Duration::from_millis(1500));
        for (stage, step) in [
            (Stage::Resolve, "name resolution of h:80"),
            (Stage::Connect, "connection to h:80"),
            (Stage::Tls, "TLS handshake with h:80"),
            (Stage::Upgrade, "opening handshake with h:80"),
        ] {
            assert_eq!(message(stage, limit()), format!("timed out after 1.5s during the {step}"));
        }
    }

    #[test]
    fn what_the_network_says_is_the_source_and_not_said_twice() {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(message(Stage::Connect, refused()), "connection to h:80 failed");
        let error = ConnectError::new(Stage::Connect, String::new(), refused().into());
        assert_eq!(error.source().unwrap().to_string(), refused().to_string());
    }

    #[test]
    fn a_timeout_of_the_system_is_a_timeout_too() {
        let cause = io::Error::from(io::ErrorKind::TimedOut).into();
        assert!(ConnectError::new(Stage::Connect, String::new(), cause).is_timeout());
    }
}
