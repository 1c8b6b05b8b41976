//! A proxy, as its URL names it.

use super::bypass::Bypass;
use crate::client::{
    credentials::Credentials,
    target::{Host, Target},
    tls::settings::Tls,
};
use http::HeaderValue;
use std::{fmt, str::FromStr};
use url::Url;

/// A proxy that asks on: by HTTP's CONNECT (RFC 9110 §9.3.6) or SOCKS5 (RFC 1928).
///
/// | URL | how | port, if none is given |
/// |---|---|---|
/// | `http://` | CONNECT | 80 |
/// | `https://` | CONNECT over TLS | 443 |
/// | `socks5://` | SOCKS5; names are resolved here | 1080 |
/// | `socks5h://` | SOCKS5; names are resolved by the proxy | 1080 |
///
/// Without a scheme it is `http://`. A user name and password in the URL, percent-encoded, are sent to the
/// proxy and to nobody else: as Basic credentials (RFC 7617), or as RFC 1929 has them. They are sent at once,
/// not only when the proxy asks. Only over `https://` are they hidden from the network.
///
/// ```
/// # fn example() -> Result<(), wharf::InvalidProxy> {
/// let proxy: wharf::Proxy = "http://user:secret@proxy.example:3128".parse()?;
/// let client = wharf::Client::builder().proxy(proxy.except("localhost,.internal")).build();
/// # drop(client);
/// # Ok(())
/// # }
/// # example().unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Proxy {
    pub(crate) kind: ProxyKind,
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) tls: Tls,
    bypass: Bypass,
}

/// How a proxy is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProxyKind {
    Http,
    Https,
    /// With names resolved here.
    Socks5,
    /// With names resolved by the proxy.
    Socks5h,
}

impl Proxy {
    /// The proxy of this URL.
    ///
    /// # Errors
    /// The URL names no proxy, or its credentials cannot be sent.
    pub fn new(url: impl AsRef<str>) -> Result<Self, InvalidProxy> {
        let (kind, rest) = split_scheme(url.as_ref())?;
        let (host, port, credentials) = parse(rest)?;
        let proxy = Self {
            kind,
            host,
            port: port.unwrap_or(kind.default_port()),
            credentials,
            tls: Tls::default(),
            bypass: Bypass::default(),
        };
        proxy.checked()
    }

    /// Sends these credentials to the proxy instead of those in its URL.
    ///
    /// # Errors
    /// For HTTP: a colon in the user name, or control characters (RFC 7617 §2). For SOCKS5: more than 255
    /// bytes in either (RFC 1929 §2).
    pub fn credentials(
        mut self,
        user: impl Into<String>,
        password: impl Into<String>,
    ) -> Result<Self, InvalidProxy> {
        self.credentials = Some(Credentials::new(user.into(), password.into()));
        self.checked()
    }

    /// Connects directly to these hosts: a list as in `NO_PROXY`, see [`ClientBuilder::proxy_from_env`].
    ///
    /// [`ClientBuilder::proxy_from_env`]: crate::ClientBuilder::proxy_from_env
    #[must_use]
    pub fn except(mut self, hosts: impl AsRef<str>) -> Self {
        self.bypass = Bypass::parse(hosts.as_ref());
        self
    }

    /// How an `https://` proxy is secured. It is not the client's [`Tls`], so that a certificate meant for a
    /// server is not shown to the proxy. Default: TLS with the platform's roots.
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    pub(crate) fn serves(&self, target: &Target) -> bool {
        !self.bypass.covers(target.host())
    }

    /// Host and port, for messages: never with credentials.
    pub(crate) fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// What `Proxy-Authorization` says.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        self.credentials.as_ref().and_then(Credentials::basic)
    }

    /// Credentials that would silently not be sent are a mistake of the caller's.
    fn checked(self) -> Result<Self, InvalidProxy> {
        let Some(credentials) = &self.credentials else { return Ok(self) };
        let fits = match self.kind {
            ProxyKind::Http | ProxyKind::Https => credentials.basic().is_some(),
            ProxyKind::Socks5 | ProxyKind::Socks5h => {
                [credentials.user(), credentials.password()].iter().all(|text| text.len() <= 255)
            }
        };
        if fits { Ok(self) } else { Err(InvalidProxy::Credentials) }
    }
}

impl FromStr for Proxy {
    type Err = InvalidProxy;

    fn from_str(url: &str) -> Result<Self, InvalidProxy> {
        Self::new(url)
    }
}

impl ProxyKind {
    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
            Self::Socks5 | Self::Socks5h => 1080,
        }
    }
}

fn split_scheme(url: &str) -> Result<(ProxyKind, &str), InvalidProxy> {
    let Some((scheme, rest)) = url.split_once("://") else { return Ok((ProxyKind::Http, url)) };
    let kind = match scheme.to_ascii_lowercase().as_str() {
        "http" => ProxyKind::Http,
        "https" => ProxyKind::Https,
        "socks5" => ProxyKind::Socks5,
        "socks5h" => ProxyKind::Socks5h,
        _ => return Err(InvalidProxy::Scheme(scheme.to_owned())),
    };
    Ok((kind, rest))
}

type Parts = (Host, Option<u16>, Option<Credentials>);

/// The rules for hosts are those of special schemes (WHATWG URL), which `socks5` is not. Each such scheme
/// hides one port, so it takes two to see all.
fn parse(rest: &str) -> Result<Parts, InvalidProxy> {
    let read = |scheme| Url::parse(&format!("{scheme}://{rest}")).map_err(|_| InvalidProxy::Host);
    let (url, twin) = (read("http")?, read("https")?);
    let extra = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
    if extra {
        return Err(InvalidProxy::Path);
    }
    let host = url.host().ok_or(InvalidProxy::Host)?;
    let host = Host::parse(host).map_err(|_| InvalidProxy::Host)?;
    Ok((host, url.port().or(twin.port()), Credentials::of_url(&url)))
}

/// A URL that names no proxy: a mistake of the caller's, found before anything is sent. It repeats nothing
/// that could be a password.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidProxy {
    /// A user name or password that this kind of proxy cannot be told.
    Credentials,
    /// It names no host and port that could exist.
    Host,
    /// It has a path, a query or a fragment.
    Path,
    /// Its scheme is none of `http`, `https`, `socks5`, `socks5h`.
    Scheme(String),
}

impl fmt::Display for InvalidProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credentials => {
                "the proxy cannot be told these credentials: no colon in the user name and no control \
                 character (RFC 7617 §2), or at most 255 bytes each for SOCKS5 (RFC 1929 §2)"
            }
            Self::Host => {
                "the proxy's URL names no host and port that could exist; percent-encode what is special \
                 in a user name or password"
            }
            Self::Path => "the proxy's URL has more than a host and a port; leave out what follows",
            Self::Scheme(scheme) => {
                return write!(
                    f,
                    "the proxy's scheme is {scheme:?}; use http, https, socks5 or socks5h"
                );
            }
        })
    }
}

impl std::error::Error for InvalidProxy {}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(url: &str) -> Proxy {
        Proxy::new(url).unwrap()
    }

    fn refusal(url: &str) -> InvalidProxy {
        Proxy::new(url).unwrap_err()
    }

    #[test]
    fn a_scheme_says_how_and_brings_its_port() {
        for (url, kind, name) in [
            ("http://p", ProxyKind::Http, "p:80"),
            ("p", ProxyKind::Http, "p:80"),
            ("localhost:3128", ProxyKind::Http, "localhost:3128"),
            ("127.0.0.1:3128", ProxyKind::Http, "127.0.0.1:3128"),
            ("http://p:443/", ProxyKind::Http, "p:443"),
            ("HTTPS://p", ProxyKind::Https, "p:443"),
            ("https://p:80", ProxyKind::Https, "p:80"),
            ("socks5://p", ProxyKind::Socks5, "p:1080"),
            ("socks5://p:80", ProxyKind::Socks5, "p:80"),
            ("socks5h://[::1]:443", ProxyKind::Socks5h, "[::1]:443"),
        ] {
            let proxy = proxy(url);
            assert_eq!((proxy.kind, proxy.name().as_str()), (kind, name), "{url}");
        }
    }

    #[test]
    fn what_is_no_proxy_is_refused() {
        assert_eq!(refusal("socks4://p"), InvalidProxy::Scheme("socks4".into()));
        assert_eq!(refusal("http://p/path"), InvalidProxy::Path);
        assert_eq!(refusal("http://p?q"), InvalidProxy::Path);
        assert_eq!(refusal("http://p#f"), InvalidProxy::Path);
        for url in ["", "http://", "http://a b", "p:99999", "p:x"] {
            assert_eq!(refusal(url), InvalidProxy::Host, "{url}");
        }
    }

    /// RFC 7617 §2.
    #[test]
    fn credentials_of_the_url_are_told_as_basic() {
        let value = proxy("http://Aladdin:open%20sesame@p").authorization().unwrap();
        assert_eq!(value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(proxy("http://p").authorization(), None);
        let given = proxy("http://x:y@p").credentials("Aladdin", "open sesame").unwrap();
        assert_eq!(given.authorization().unwrap(), value);
    }

    /// RFC 7617 §2, RFC 1929 §2.
    #[test]
    fn credentials_that_could_not_be_told_are_refused() {
        assert_eq!(refusal("http://a%3Ab:c@p"), InvalidProxy::Credentials);
        assert_eq!(proxy("socks5://a%3Ab:c@p").credentials.unwrap().user(), b"a:b");
        let long = "x".repeat(256);
        assert_eq!(refusal(&format!("socks5://{long}@p")), InvalidProxy::Credentials);
        assert!(proxy("socks5://p").credentials("u", long).is_err());
    }

    #[test]
    fn no_secret_reaches_messages_or_debug_output() {
        let shown = format!("{:?}", proxy("http://alice:hush@p"));
        assert!(!shown.contains("hush") && !shown.contains("alice"), "{shown}");
        assert!(!refusal("http://alice:hush@p:x").to_string().contains("hush"));
    }
}
