//! Which web pages may connect (RFC 6455 §10.2).

use super::authority::{Authority, default_port};
use alloc::{borrow::ToOwned, string::String, sync::Arc, vec, vec::Vec};
use core::fmt;
use http::HeaderMap;

/// Which values of `Origin` a server accepts.
///
/// Browsers let any page open a WebSocket to any host and send the host's cookies along: without a check, a
/// foreign page acts in the name of its visitor (cross-site WebSocket hijacking). The default is
/// [`same_host`](Self::same_host).
///
/// A request without `Origin` does not come from a browser; it is accepted unless
/// [`refuse_missing`](Self::refuse_missing) says otherwise. `null`, which browsers send for sandboxed frames and
/// local files, is accepted by nothing but [`custom`](Self::custom) and
/// [`dangerously_allow_any_origin`](Self::dangerously_allow_any_origin).
#[derive(Clone)]
pub struct OriginPolicy {
    rules: Vec<Rule>,
    missing: Missing,
}

type Predicate = dyn Fn(&str, &HeaderMap) -> bool + Send + Sync;

#[derive(Clone)]
enum Rule {
    SameHost,
    Pattern(Pattern),
    Custom(Arc<Predicate>),
    Any,
}

#[derive(Debug, Clone, Copy)]
enum Missing {
    Accepted,
    Refused,
}

impl OriginPolicy {
    /// Accepts pages that came from the host and port named in `Host`.
    ///
    /// The scheme is not compared, because a server behind a proxy that terminates TLS does not know its own;
    /// a port left out is the default of the origin's scheme.
    pub fn same_host() -> Self {
        Self::of(vec![Rule::SameHost])
    }

    /// Accepts the listed origins and no other.
    ///
    /// * `https://example.com`, `https://example.com:8443`: this origin.
    /// * `https://*.example.com`: every sub-domain at any depth; neither `example.com` itself nor
    ///   `evilexample.com`.
    /// * `example.com`, `*.example.com:8443`: the same under any scheme; without a port, on the default port
    ///   of that scheme. Under TLS give the scheme: `http` pages can be forged by anyone on the network.
    ///
    /// # Errors
    /// A pattern of another form, a path and a lone `*` among them.
    pub fn only<P: AsRef<str>>(
        patterns: impl IntoIterator<Item = P>,
    ) -> Result<Self, InvalidOriginPattern> {
        let rule = |pattern: P| Pattern::parse(pattern.as_ref()).map(Rule::Pattern);
        Ok(Self::of(patterns.into_iter().map(rule).collect::<Result<_, _>>()?))
    }

    /// Accepts what `accepts` says yes to: it is given the value of `Origin` and all headers.
    pub fn custom(accepts: impl Fn(&str, &HeaderMap) -> bool + Send + Sync + 'static) -> Self {
        Self::of(vec![Rule::Custom(Arc::new(accepts))])
    }

    /// Accepts every page of the web, which may then act in the name of whoever visits it.
    ///
    /// For services that use neither cookies, nor HTTP authentication, nor the network's position (such as
    /// listening on `localhost` only) to know whom they serve.
    pub fn dangerously_allow_any_origin() -> Self {
        Self::of(vec![Rule::Any])
    }

    /// Accepts what either policy accepts; refuses requests without `Origin` if one of them does.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        self.rules.extend(other.rules);
        match other.missing {
            Missing::Accepted => self,
            Missing::Refused => self.refuse_missing(),
        }
    }

    /// Refuses requests without `Origin` too. This keeps out no program that wants in: only browsers are bound
    /// to tell the truth.
    #[must_use]
    pub fn refuse_missing(self) -> Self {
        Self { missing: Missing::Refused, ..self }
    }

    /// Whether a request to `host` may pass.
    pub(crate) fn admits(
        &self,
        origin: Option<&str>,
        host: &Authority,
        headers: &HeaderMap,
    ) -> bool {
        match (origin, self.missing) {
            (Some(origin), _) => self.rules.iter().any(|rule| rule.admits(origin, host, headers)),
            (None, Missing::Accepted) => true,
            (None, Missing::Refused) => false,
        }
    }

    const fn of(rules: Vec<Rule>) -> Self {
        Self { rules, missing: Missing::Accepted }
    }
}

impl Default for OriginPolicy {
    fn default() -> Self {
        Self::same_host()
    }
}

impl fmt::Debug for OriginPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OriginPolicy")
            .field("rules", &self.rules)
            .field("missing", &self.missing)
            .finish()
    }
}

impl Rule {
    fn admits(&self, text: &str, host: &Authority, headers: &HeaderMap) -> bool {
        match self {
            Self::SameHost => Origin::parse(text).is_some_and(|origin| origin.is_at(host)),
            Self::Pattern(pattern) => {
                Origin::parse(text).is_some_and(|origin| pattern.matches(&origin))
            }
            Self::Custom(accepts) => accepts(text, headers),
            Self::Any => true,
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameHost => f.write_str("SameHost"),
            Self::Pattern(pattern) => pattern.fmt(f),
            Self::Custom(_) => f.write_str("Custom"),
            Self::Any => f.write_str("Any"),
        }
    }
}

/// A serialised origin that is not opaque (RFC 6454 §6.2).
struct Origin {
    scheme: String,
    authority: Authority,
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        Some(Self { scheme: parse_scheme(scheme)?, authority: Authority::parse(authority)? })
    }

    fn port(&self) -> Option<u16> {
        self.authority.port_for(&self.scheme)
    }

    fn is_at(&self, host: &Authority) -> bool {
        self.authority.host == host.host && self.port() == host.port_for(&self.scheme)
    }
}

/// RFC 3986 §3.1.
fn parse_scheme(text: &str) -> Option<String> {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let starts_well = text.starts_with(|first: char| first.is_ascii_alphabetic());
    (starts_well && text.bytes().all(is_legal)).then(|| text.to_ascii_lowercase())
}

/// An element of [`OriginPolicy::only`].
#[derive(Debug, Clone)]
struct Pattern {
    scheme: Option<String>,
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Debug, Clone)]
enum Hosts {
    Exactly(String),
    /// Its sub-domains; the text starts with the dot.
    Below(String),
}

impl Pattern {
    fn parse(text: &str) -> Result<Self, InvalidOriginPattern> {
        Self::read(text).ok_or_else(|| InvalidOriginPattern(text.to_owned()))
    }

    fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(parse_scheme(scheme)?), rest),
            None => (None, text),
        };
        let wildcard = rest.strip_prefix("*.");
        let Authority { host, port } = Authority::parse(wildcard.unwrap_or(rest))?;
        // "*" is a legal character of a host (RFC 3986 §3.2.2), and "null" would look like one.
        if host.contains('*') || (scheme.is_none() && host == "null") {
            return None;
        }
        let hosts = if wildcard.is_some() { Hosts::below(&host)? } else { Hosts::Exactly(host) };
        Some(Self { scheme, hosts, port })
    }

    fn matches(&self, origin: &Origin) -> bool {
        self.scheme.as_ref().is_none_or(|scheme| *scheme == origin.scheme)
            && self.port.or_else(|| default_port(&origin.scheme)) == origin.port()
            && self.hosts.contain(&origin.authority.host)
    }
}

impl Hosts {
    fn below(host: &str) -> Option<Self> {
        let is_name = !host.starts_with(['[', '.']);
        is_name.then(|| Self::Below([".", host].concat()))
    }

    fn contain(&self, host: &str) -> bool {
        match self {
            Self::Exactly(name) => host == name,
            Self::Below(suffix) => host.len() > suffix.len() && host.ends_with(suffix.as_str()),
        }
    }
}

/// A pattern that [`OriginPolicy::only`] does not understand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidOriginPattern(pub String);

impl fmt::Display for InvalidOriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no pattern of origins: write scheme://host, scheme://host:port or \
             scheme://*.host, without a path (RFC 6454 §6.2)",
            self.0
        )
    }
}

impl core::error::Error for InvalidOriginPattern {}
