//! Which losses are worth another attempt.
//!
//! What we did, or are set to, will be refused again: give up. What the other side, or the way to it, has trouble
//! with may be better the next time: retry.

use super::{event::DownReason, retry_after::retry_after, verdict::Verdict};
use crate::client::{
    error::{Cause, ConnectError},
    headers::HeadersError,
    proxy::{error::ProxyError, reply::SocksReply},
    tls::error::is_about_certificates,
};
use http::{HeaderMap, StatusCode};
use std::time::SystemTime;
use wharf_proto::{Ending, HeadError};

impl DownReason {
    /// What follows from it, if the caller has nothing to say about it. `now` is for dates in `Retry-After`.
    pub(crate) fn verdict(&self, now: SystemTime) -> Verdict {
        match self {
            Self::NotOpened(error) => of_attempt(error, now),
            Self::NotResumed(_) | Self::ResumeTimedOut(_) | Self::Failed(_) => Verdict::Retry,
            Self::Ended(ending) => of_ending(ending),
        }
    }
}

fn of_attempt(error: &ConnectError, now: SystemTime) -> Verdict {
    match error.cause() {
        Cause::TimedOut(_) | Cause::Headers(HeadersError::Maker(_)) => Verdict::Retry,
        Cause::Io(error) if is_about_certificates(error) => Verdict::GiveUp,
        Cause::Io(_) | Cause::Head(HeadError::Ended(_)) => Verdict::Retry,
        Cause::Refused(response) => of_status(response.status(), response.headers(), now),
        Cause::Proxy(error) => of_proxy(error, now),
        // Settings of ours, or a server that is something else than we take it for.
        #[cfg(feature = "blocking")]
        Cause::Unsupported(_) => Verdict::GiveUp,
        Cause::Tls(_)
        | Cause::Url(_)
        | Cause::Headers(_)
        | Cause::Head(_)
        | Cause::Response(_)
        | Cause::Redirect(_) => Verdict::GiveUp,
    }
}

/// RFC 9110 §15, RFC 6585 §4: what a server in trouble says, or one that wants to be left alone for a while.
fn of_status(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Verdict {
    let again = match status {
        StatusCode::NOT_IMPLEMENTED | StatusCode::HTTP_VERSION_NOT_SUPPORTED => false,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => true,
        status => status.is_server_error(),
    };
    match retry_after(headers, now) {
        _ if !again => Verdict::GiveUp,
        Some(time) => Verdict::RetryAfter(time),
        None => Verdict::Retry,
    }
}

fn of_proxy(error: &ProxyError, now: SystemTime) -> Verdict {
    match error {
        ProxyError::Refused(response) => of_status(response.status(), response.headers(), now),
        ProxyError::Ended | ProxyError::Head(HeadError::Ended(_)) => Verdict::Retry,
        ProxyError::SocksRefused(reply) => match reply {
            SocksReply::NotAllowed
            | SocksReply::CommandNotSupported
            | SocksReply::AddressTypeNotSupported => Verdict::GiveUp,
            SocksReply::Failure
            | SocksReply::NetworkUnreachable
            | SocksReply::HostUnreachable
            | SocksReply::ConnectionRefused
            | SocksReply::TtlExpired
            | SocksReply::Unknown(_) => Verdict::Retry,
        },
        ProxyError::Head(_)
        | ProxyError::Premature(_)
        | ProxyError::NotSocks5(_)
        | ProxyError::NoAcceptableMethod
        | ProxyError::MethodNotOffered(_)
        | ProxyError::LoginFailed
        | ProxyError::Malformed(_)
        | ProxyError::NameTooLong => Verdict::GiveUp,
    }
}

/// RFC 6455 §7.4.1 and the registry of close codes: 1000 means that all is done; 1002, 1003 and 1007 to 1010 that
/// the peer does not want what we send, or misses what we do not offer; 3000 and 3003 that we may not be here.
fn of_ending(ending: &Ending) -> Verdict {
    match ending.code() {
        1000 | 1002 | 1003 | 1007..=1010 | 3000 | 3003 => Verdict::GiveUp,
        _ => Verdict::Retry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{
        redirect::RedirectError,
        stage::{Peer, Stage},
        target::UrlError,
    };
    use bytes::Bytes;
    use http::Response;
    use std::{
        io,
        time::{Duration, UNIX_EPOCH},
    };

    fn verdict(cause: Cause) -> Verdict {
        let error = ConnectError::new(Stage::Upgrade, Peer::Server("h:80".into()), cause);
        DownReason::NotOpened(error).verdict(UNIX_EPOCH)
    }

    fn refused(status: u16, retry_after: &str) -> Cause {
        let response = Response::builder().status(status).header("retry-after", retry_after);
        Cause::Refused(Box::new(response.body(Bytes::new()).unwrap()))
    }

    /// RFC 9110 §15; checklist 95.
    #[test]
    fn statuses_of_a_server_in_trouble_are_worth_another_attempt() {
        for status in [408, 425, 429, 500, 502, 503, 504, 520, 599] {
            assert_eq!(verdict(refused(status, "x")), Verdict::Retry, "{status}");
        }
        for status in [200, 204, 302, 400, 401, 403, 404, 410, 426, 501, 505] {
            assert_eq!(verdict(refused(status, "5")), Verdict::GiveUp, "{status}");
        }
    }

    /// RFC 9110 §10.2.3.
    #[test]
    fn a_server_may_say_when() {
        let five = Verdict::RetryAfter(Duration::from_secs(5));
        assert_eq!(verdict(refused(429, "5")), five);
        assert_eq!(verdict(refused(503, "Thu, 01 Jan 1970 00:00:05 GMT")), five);
    }

    #[test]
    fn trouble_on_the_way_passes_and_mistakes_do_not() {
        for cause in [
            Cause::TimedOut(Duration::ZERO),
            io::Error::from(io::ErrorKind::ConnectionRefused).into(),
            io::Error::from(io::ErrorKind::NotFound).into(),
            Cause::Head(HeadError::Ended(7)),
            Cause::Headers(HeadersError::Maker("no token".into())),
            ProxyError::Ended.into(),
            ProxyError::SocksRefused(SocksReply::ConnectionRefused).into(),
        ] {
            assert_eq!(verdict(cause), Verdict::Retry);
        }
        for cause in [
            Cause::Url(UrlError::Host),
            Cause::Head(HeadError::Version),
            Cause::Redirect(RedirectError::NoLocation),
            Cause::Headers(HeadersError::OfProxy),
            ProxyError::LoginFailed.into(),
            ProxyError::SocksRefused(SocksReply::NotAllowed).into(),
        ] {
            assert_eq!(verdict(cause), Verdict::GiveUp);
        }
    }

    /// Checklist 95: a certificate does not become a better one by asking again.
    #[cfg(feature = "rustls")]
    #[test]
    fn a_bad_certificate_ends_it_and_a_cut_handshake_does_not() {
        use rustls::{AlertDescription, CertificateError, Error};
        let io = |error: Error| Cause::Io(io::Error::new(io::ErrorKind::InvalidData, error));
        for error in [
            Error::InvalidCertificate(CertificateError::Expired),
            Error::InvalidCertificate(CertificateError::UnknownIssuer),
            Error::NoCertificatesPresented,
            Error::AlertReceived(AlertDescription::CertificateRequired),
        ] {
            assert_eq!(verdict(io(error)), Verdict::GiveUp);
        }
        let alert = Error::AlertReceived(AlertDescription::InternalError);
        assert_eq!(verdict(io(alert)), Verdict::Retry);
        assert_eq!(verdict(io::Error::from(io::ErrorKind::UnexpectedEof).into()), Verdict::Retry);
    }
}
