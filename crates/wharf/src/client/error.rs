//! Why a connection was not opened.

#[cfg(feature = "blocking")]
use super::unsupported::Unsupported;
use super::{
    headers::HeadersError,
    proxy::error::ProxyError,
    redirect::RedirectError,
    stage::{Peer, Stage},
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
/// it: an [`io::Error`] of the network, with rustls's error in it where TLS failed, or what the caller's own
/// code said.
#[derive(Debug)]
pub struct ConnectError(Box<Failure>);

#[derive(Debug)]
struct Failure {
    stage: Stage,
    peer: Option<Peer>,
    cause: Cause,
}

/// What went wrong; the stage says where.
#[derive(Debug)]
pub(crate) enum Cause {
    Url(UrlError),
    Headers(HeadersError),
    Io(io::Error),
    Tls(TlsError),
    Head(HeadError),
    Response(ResponseError),
    Refused(Box<Response<Bytes>>),
    Redirect(RedirectError),
    Proxy(ProxyError),
    #[cfg(feature = "blocking")]
    Unsupported(Unsupported),
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

impl From<ProxyError> for Cause {
    fn from(error: ProxyError) -> Self {
        Self::Proxy(error)
    }
}

#[cfg(feature = "blocking")]
impl From<Unsupported> for Cause {
    fn from(setting: Unsupported) -> Self {
        Self::Unsupported(setting)
    }
}

impl From<UrlError> for ConnectError {
    fn from(error: UrlError) -> Self {
        Self(Box::new(Failure { stage: Stage::Url, peer: None, cause: Cause::Url(error) }))
    }
}

impl ConnectError {
    pub(crate) fn new(reached: Stage, peer: Peer, cause: Cause) -> Self {
        // In TLS 1.3 the client is done before the server has judged its certificate (RFC 8446 §2).
        let stage = if cause.is_of_tls() { Stage::Tls } else { reached };
        Self(Box::new(Failure { stage, peer: Some(peer), cause }))
    }

    /// The stage that failed, or that the deadline struck.
    pub fn stage(&self) -> Stage {
        self.0.stage
    }

    /// Whether the stage was about the proxy: finding it, connecting to it, securing the way to it, or asking it
    /// for a tunnel.
    pub fn is_with_proxy(&self) -> bool {
        matches!(self.0.peer, Some(Peer::Proxy(_)))
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

    /// What the proxy did instead of opening a tunnel, if that was it.
    pub fn proxy_error(&self) -> Option<&ProxyError> {
        if let Cause::Proxy(error) = &self.0.cause { Some(error) } else { None }
    }

    /// Why a redirect was not followed, if redirects are followed and one was not.
    pub fn redirect_error(&self) -> Option<&RedirectError> {
        if let Cause::Redirect(error) = &self.0.cause { Some(error) } else { None }
    }

    /// Which setting of the client the [`blocking`](crate::blocking) one cannot follow, if that was it; nothing has
    /// gone over the network then.
    #[cfg(feature = "blocking")]
    pub fn unsupported(&self) -> Option<&Unsupported> {
        if let Cause::Unsupported(setting) = &self.0.cause { Some(setting) } else { None }
    }

    pub(crate) fn cause(&self) -> &Cause {
        &self.0.cause
    }

    fn io_error(&self) -> Option<&io::Error> {
        if let Cause::Io(error) = &self.0.cause { Some(error) } else { None }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { stage, peer, cause } = &*self.0;
        let Some(peer) = peer else { return write!(f, "the URL cannot be used: {cause}") };
        let step = Step(*stage, peer);
        match cause {
            Cause::TimedOut(_) => write!(f, "{cause} during the {step}"),
            Cause::Refused(_) => write!(f, "{peer} {cause}"),
            Cause::Redirect(_) => write!(f, "the redirect by {peer} is not followed: {cause}"),
            #[cfg(feature = "blocking")]
            Cause::Unsupported(_) => write!(f, "{peer} was not asked: {cause}"),
            // The source says why.
            Cause::Io(_) => write!(f, "{step} failed"),
            Cause::Url(_)
            | Cause::Headers(_)
            | Cause::Tls(_)
            | Cause::Head(_)
            | Cause::Response(_)
            | Cause::Proxy(_) => write!(f, "{step} failed: {cause}"),
        }
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        if let Cause::Tls(error) = &self.0.cause {
            return error.source();
        }
        if let Cause::Headers(HeadersError::Maker(error)) = &self.0.cause {
            return Some(&**error);
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
            Self::Headers(error) => error.fmt(f),
            Self::Redirect(error) => error.fmt(f),
            Self::Proxy(error) => error.fmt(f),
            #[cfg(feature = "blocking")]
            Self::Unsupported(setting) => setting.fmt(f),
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

/// A stage and whom it is about.
struct Step<'a>(Stage, &'a Peer);

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let preposition = match self.0 {
            Stage::Url | Stage::Resolve => "of",
            Stage::Headers => "for",
            Stage::Connect | Stage::Proxy => "to",
            Stage::Tls | Stage::Upgrade => "with",
        };
        write!(f, "{} {preposition} {}", self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer() -> Peer {
        Peer::Server("h:80".into())
    }

    fn message(stage: Stage, cause: impl Into<Cause>) -> String {
        ConnectError::new(stage, peer(), cause.into()).to_string()
    }

    /// Checklist 9, 10.
    #[test]
    fn a_deadline_says_what_it_interrupted() {
        let limit = || Cause::TimedOut(Duration::from_millis(1500));
        for (stage, step) in [
            (Stage::Headers, "making of the headers for h:80"),
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
        let error = ConnectError::new(Stage::Connect, peer(), refused().into());
        assert_eq!(error.source().unwrap().to_string(), refused().to_string());
    }

    #[test]
    fn a_timeout_of_the_system_is_a_timeout_too() {
        let cause = io::Error::from(io::ErrorKind::TimedOut).into();
        assert!(ConnectError::new(Stage::Connect, peer(), cause).is_timeout());
    }

    /// Checklist 8, 9.
    #[test]
    fn what_is_about_the_proxy_says_so() {
        let proxy = || Peer::Proxy("p:3128".into());
        let error = ConnectError::new(Stage::Proxy, proxy(), ProxyError::LoginFailed.into());
        assert!(error.is_with_proxy());
        assert_eq!(
            error.to_string(),
            "request for a tunnel to proxy p:3128 failed: it did not accept the user name and password \
             (RFC 1929 §2)"
        );
        let late = ConnectError::new(Stage::Tls, proxy(), Cause::TimedOut(Duration::from_secs(10)));
        assert_eq!(
            late.to_string(),
            "timed out after 10s during the TLS handshake with proxy p:3128"
        );
    }
}
