//! Where a URL leads (RFC 6455 §3).

use super::credentials::Credentials;
use http::HeaderValue;
use std::{
    borrow::Cow,
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};
use url::{ParseError, Position, Url};
use wharf_proto::OfferError;

/// A URL, read: what to dial, whether to secure it, what to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    scheme: Scheme,
    host: Host,
    port: u16,
    resource: String,
    /// `Basic …`, from the URL's user information.
    authorization: Option<HeaderValue>,
}

/// With or without TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Ws,
    Wss,
}

/// Whom to dial, and whose name the certificate must bear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    /// A domain name in ASCII (IDNA).
    Name(String),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

impl Target {
    pub(crate) fn parse(url: &str) -> Result<Self, UrlError> {
        let url = Url::parse(url).map_err(UrlError::from_parse)?;
        let scheme = Scheme::parse(url.scheme())?;
        if url.fragment().is_some() {
            return Err(UrlError::Fragment);
        }
        Ok(Self {
            scheme,
            authorization: authorization(&url)?,
            host: Host::parse(url.host().ok_or(UrlError::Host)?)?,
            port: url.port().unwrap_or(scheme.default_port()),
            // What the URL leaves out of its path is "/", and a query goes with its question mark.
            resource: url[Position::BeforePath..Position::AfterQuery].to_owned(),
        })
    }

    pub(crate) const fn scheme(&self) -> Scheme {
        self.scheme
    }

    pub(crate) const fn host(&self) -> &Host {
        &self.host
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// The resource name: path and query, percent-encoding as it was written.
    pub(crate) fn resource(&self) -> &str {
        &self.resource
    }

    /// What stands in the `Host` header: no port where it is the scheme's (RFC 6455 §4.1).
    pub(crate) fn authority(&self) -> String {
        if self.port == self.scheme.default_port() {
            self.host.to_string()
        } else {
            self.host_and_port()
        }
    }

    /// Host and port, also where the port is the scheme's.
    pub(crate) fn host_and_port(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// What the URL's user information says to the server (RFC 7617).
    pub(crate) const fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }

    /// The URL without user information.
    pub(crate) fn url(&self) -> String {
        format!("{}://{}{}", self.scheme.name(), self.authority(), self.resource)
    }

    /// Whether both are of one origin (RFC 6454 §4): what is a secret of one is known to the other.
    pub(crate) fn has_origin_of(&self, other: &Self) -> bool {
        (self.scheme, &self.host, self.port) == (other.scheme, &other.host, other.port)
    }
}

fn authorization(url: &Url) -> Result<Option<HeaderValue>, UrlError> {
    let basic = |credentials: Credentials| credentials.basic().ok_or(UrlError::UserInfo);
    Credentials::of_url(url).map(basic).transpose()
}

impl Scheme {
    fn parse(scheme: &str) -> Result<Self, UrlError> {
        match scheme {
            "ws" | "http" => Ok(Self::Ws),
            "wss" | "https" => Ok(Self::Wss),
            other => Err(UrlError::Scheme(other.to_owned())),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Ws => "ws",
            Self::Wss => "wss",
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Ws => 80,
            Self::Wss => 443,
        }
    }
}

impl Host {
    pub(crate) fn parse(host: url::Host<&str>) -> Result<Self, UrlError> {
        match host {
            url::Host::Domain("") => Err(UrlError::Host),
            url::Host::Domain(name) => Ok(Self::Name(name.to_owned())),
            url::Host::Ipv4(address) => Ok(Self::V4(address)),
            url::Host::Ipv6(address) => Ok(Self::V6(address)),
        }
    }

    /// As names and addresses are written outside of URLs.
    pub(crate) fn unbracketed(&self) -> Cow<'_, str> {
        match self {
            Self::Name(name) => name.into(),
            Self::V4(address) => address.to_string().into(),
            Self::V6(address) => address.to_string().into(),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::V4(address) => address.fmt(f),
            Self::V6(address) => write!(f, "[{address}]"),
        }
    }
}

/// A URL that leads to no WebSocket; found before anything goes over the network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// It has a fragment; a `#` in a path is written `%23` (RFC 6455 §3).
    Fragment,
    /// It has no host, or one that no host can have.
    Host,
    /// It is no URL at all.
    Malformed,
    /// It does not start with a scheme.
    NoScheme,
    /// Its port is not a number up to 65535.
    Port,
    /// Its path and query are too long for a request.
    Resource,
    /// Its scheme is none of `ws`, `wss`, `http`, `https`.
    Scheme(String),
    /// Its user name has a colon, or it or the password a control character: Basic credentials cannot say
    /// that (RFC 7617 §2).
    UserInfo,
}

impl UrlError {
    /// The settings were checked when they were made, so it is the URL that does not fit.
    pub(crate) fn from_offer(error: OfferError) -> Self {
        if matches!(error, OfferError::Authority(_)) { Self::Host } else { Self::Resource }
    }

    pub(crate) const fn from_parse(error: ParseError) -> Self {
        match error {
            ParseError::RelativeUrlWithoutBase => Self::NoScheme,
            ParseError::InvalidPort => Self::Port,
            ParseError::EmptyHost
            | ParseError::IdnaError
            | ParseError::InvalidIpv4Address
            | ParseError::InvalidIpv6Address
            | ParseError::InvalidDomainCharacter => Self::Host,
            ParseError::RelativeUrlWithCannotBeABaseBase
            | ParseError::SetHostOnCannotBeABaseUrl
            | ParseError::Overflow
            | _ => Self::Malformed,
        }
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fragment => "it has a fragment; write a # in a path as %23 (RFC 6455 §3)",
            Self::Host => "it names no host that could exist",
            Self::Malformed => "it is not a URL",
            Self::NoScheme => "it has no scheme; write ws:// or wss:// before it",
            Self::Port => "its port is not a number from 0 to 65535",
            Self::Resource => "its path and query fit no request; they are too long",
            Self::Scheme(scheme) => {
                return write!(f, "its scheme is {scheme:?}; use ws or wss (RFC 6455 §3)");
            }
            Self::UserInfo => {
                "its user name has a colon, or it or the password a control character, which Basic \
                 credentials cannot say (RFC 7617 §2); set an Authorization header instead"
            }
        })
    }
}

impl std::error::Error for UrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> Target {
        Target::parse(url).unwrap()
    }

    fn refusal(url: &str) -> UrlError {
        Target::parse(url).unwrap_err()
    }

    /// RFC 6455 §3, checklist 1.
    #[test]
    fn a_scheme_is_read_in_any_case_and_brings_its_port() {
        for (url, scheme, port) in [
            ("ws://h", Scheme::Ws, 80),
            ("WS://h", Scheme::Ws, 80),
            ("http://h", Scheme::Ws, 80),
            ("wSs://h", Scheme::Wss, 443),
            ("https://h", Scheme::Wss, 443),
            ("ws://h:443", Scheme::Ws, 443),
        ] {
            assert_eq!((target(url).scheme(), target(url).port()), (scheme, port), "{url}");
        }
    }

    /// RFC 6455 §3, checklist 1.
    #[test]
    fn other_schemes_are_refused_by_name() {
        assert_eq!(refusal("ftp://h/"), UrlError::Scheme("ftp".into()));
        assert_eq!(refusal("localhost:9001"), UrlError::Scheme("localhost".into()));
        assert_eq!(refusal("//h/"), UrlError::NoScheme);
    }

    /// RFC 6455 §3, checklist 2.
    #[test]
    fn a_fragment_is_refused_even_when_empty_and_an_escaped_one_is_a_path() {
        assert_eq!(refusal("ws://h/a#b"), UrlError::Fragment);
        assert_eq!(refusal("ws://h/#"), UrlError::Fragment);
        assert_eq!(target("ws://h/a%23b").resource(), "/a%23b");
    }

    /// RFC 6455 §3, checklist 3.
    #[test]
    fn the_resource_is_path_and_query_as_they_were_written() {
        for (url, resource) in [
            ("ws://h", "/"),
            ("ws://h?q", "/?q"),
            ("ws://h/?", "/?"),
            ("ws://h/a%2fb%41?x=%20+y", "/a%2fb%41?x=%20+y"),
        ] {
            assert_eq!(target(url).resource(), resource, "{url}");
        }
    }

    /// RFC 6455 §4.1, checklist 4.
    #[test]
    fn the_authority_leaves_out_the_default_port_only() {
        for (url, authority) in [
            ("ws://h:80/", "h"),
            ("ws://h:81/", "h:81"),
            ("wss://h:443/", "h"),
            ("wss://h:80/", "h:80"),
            ("http://h:80/", "h"),
            ("ws://[::1]:9001/", "[::1]:9001"),
            ("ws://[2001:DB8::1]/", "[2001:db8::1]"),
            ("ws://Bücher.example/", "xn--bcher-kva.example"),
        ] {
            assert_eq!(target(url).authority(), authority, "{url}");
        }
    }

    #[test]
    fn addresses_are_told_from_names() {
        assert_eq!(target("ws://127.0.0.1").host(), &Host::V4(Ipv4Addr::LOCALHOST));
        assert_eq!(target("ws://[::1]").host(), &Host::V6(Ipv6Addr::LOCALHOST));
        assert_eq!(target("ws://LocalHost").host(), &Host::Name("localhost".into()));
    }

    #[test]
    fn what_cannot_be_dialled_or_must_not_be_sent_is_refused() {
        assert_eq!(refusal("ws://"), UrlError::Host);
        assert_eq!(refusal("ws://h:99999"), UrlError::Port);
        assert_eq!(refusal("ws://a b/"), UrlError::Host);
        assert_eq!(refusal("ws://[::1/"), UrlError::Host);
        assert_eq!(refusal("ws://us%3Aer:secret@h/"), UrlError::UserInfo);
        assert_eq!(refusal("ws://user:sec%0Aret@h/"), UrlError::UserInfo);
    }

    /// RFC 7617 §2.
    #[test]
    fn user_information_is_an_authorization_and_no_part_of_the_request() {
        let target = target("wss://Aladdin:open%20sesame@h:81/a?b");
        assert_eq!(target.authorization().unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!((target.authority().as_str(), target.resource()), ("h:81", "/a?b"));
        assert_eq!(target.url(), "wss://h:81/a?b");
        assert!(!format!("{target:?}").contains("QWxh"));
    }

    /// RFC 6454 §4.
    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let origin = target("wss://h/a");
        assert!(origin.has_origin_of(&target("https://u@H:443/b?c")));
        for other in ["ws://h/a", "wss://h:444/a", "wss://a.h/a", "ws://h:443/a"] {
            assert!(!origin.has_origin_of(&target(other)), "{other}");
        }
    }

    #[test]
    fn a_line_break_never_reaches_the_resource() {
        assert_eq!(target("ws://h/a\r\nb").resource(), "/ab");
        assert_eq!(target("ws://h/a b").resource(), "/a%20b");
    }
}
