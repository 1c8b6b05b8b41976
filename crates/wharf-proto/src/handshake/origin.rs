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

    /// A page of the web, and of this host. An extension of a browser, say, names its own id as its host.
    fn is_at(&self, host: &Authority) -> bool {
        let is_page = matches!(self.scheme.as_str(), "http" | "https");
        is_page && self.authority.host == host.host && self.port() == host.port_for(&self.scheme)
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

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header};
    use std::format;

    fn admits(policy: &OriginPolicy, origin: &str, host: &str) -> bool {
        let host = Authority::parse(host).unwrap();
        policy.admits(Some(origin), &host, &HeaderMap::new())
    }

    fn listed(pattern: &str, origin: &str) -> bool {
        admits(&OriginPolicy::only([pattern]).unwrap(), origin, "unrelated.test")
    }

    /// RFC 6455 §10.2, checklist 39: host and port are compared, in whatever case, with the ports filled in.
    #[test]
    fn the_same_host_may_connect() {
        let same = [
            ("http://example.com", "example.com"),
            ("https://example.com", "EXAMPLE.com:443"),
            ("HTTPS://Example.com:443", "example.com"),
            ("http://example.com:80", "example.com:80"),
            ("http://localhost:3000", "localhost:3000"),
            ("http://[::1]:3000", "[0:0::1]:3000"),
            ("https://example.com", "example.com:"),
        ];
        for (origin, host) in same {
            assert!(admits(&OriginPolicy::default(), origin, host), "{origin} {host}");
        }
    }

    /// RFC 6455 §10.2, checklist 39: `null`, near misses and nonsense never equal a host.
    #[test]
    fn another_host_may_not_connect() {
        let different = [
            ("null", "null"),
            ("NULL", "null"),
            ("", "example.com"),
            ("example.com", "example.com"),
            ("https://example.com", "example.com:80"),
            ("http://example.com:8080", "example.com"),
            ("http://evil.test", "example.com"),
            ("http://example.com.evil.test", "example.com"),
            ("http://evilexample.com", "example.com"),
            ("http://www.example.com", "example.com"),
            ("http://example.com/", "example.com"),
            ("http://example.com@evil.test", "example.com"),
            ("http://example.com http://evil.test", "example.com"),
            ("chrome-extension://abcdef", "abcdef:80"),
            ("chrome-extension://example.com", "example.com"),
            ("://example.com", "example.com"),
            ("1://example.com", "example.com"),
        ];
        for (origin, host) in different {
            assert!(!admits(&OriginPolicy::default(), origin, host), "{origin} {host}");
        }
    }

    /// Checklist 39: a listed origin is one scheme, one host and one port.
    #[test]
    fn a_listed_origin_matches_itself_only() {
        assert!(listed("https://example.com", "https://EXAMPLE.com:443"));
        assert!(listed("https://example.com:8443", "https://example.com:8443"));
        let others =
            ["http://example.com", "https://example.com:444", "https://a.example.com", "null"];
        for origin in others {
            assert!(!listed("https://example.com", origin), "{origin}");
        }
        assert!(!admits(
            &OriginPolicy::only(["https://a.test"]).unwrap(),
            "https://b.test",
            "b.test"
        ));
        assert!(!admits(&OriginPolicy::only::<&str>([]).unwrap(), "https://b.test", "b.test"));
    }

    /// Checklist 40: a wildcard stands for whole labels.
    #[test]
    fn a_wildcard_matches_on_label_boundaries_only() {
        for origin in
            ["https://a.example.com", "https://a.b.example.com", "https://A.Example.com:443"]
        {
            assert!(listed("https://*.example.com", origin), "{origin}");
        }
        let others = [
            "https://example.com",
            "https://.example.com",
            "https://evilexample.com",
            "https://a.example.com.evil.test",
            "https://a.example.com:8443",
            "http://a.example.com",
            "null",
        ];
        for origin in others {
            assert!(!listed("https://*.example.com", origin), "{origin}");
        }
    }

    /// Checklist 40: without a scheme any will do, on its default port.
    #[test]
    fn a_pattern_without_scheme_matches_any() {
        for origin in ["http://example.com", "https://example.com:443", "http://example.com:80"] {
            assert!(listed("example.com", origin), "{origin}");
        }
        assert!(!listed("example.com", "https://example.com:80"));
        assert!(listed("*.example.com:8080", "http://a.example.com:8080"));
        assert!(!listed("*.example.com:8080", "http://a.example.com"));
    }

    /// Checklist 40: a pattern that would match more than it seems is none.
    #[test]
    fn a_pattern_that_is_not_understood_is_an_error() {
        let wrong = [
            "",
            "*",
            "https://*",
            "*.",
            "https://*.",
            "*example.com",
            "a.*.com",
            "*.*.com",
            "null",
            "https://example.com/",
            "https://example.com/path",
            "https://u@example.com",
            "*.[::1]",
            "https:// example.com",
            "ht tp://example.com",
            "*..com",
        ];
        for pattern in wrong {
            let error = OriginPolicy::only([pattern]).unwrap_err();
            assert_eq!(error, InvalidOriginPattern(pattern.into()));
        }
    }

    /// RFC 6455 §10.2: what is no browser sends no `Origin`.
    #[test]
    fn a_missing_origin_is_accepted_unless_it_is_asked_for() {
        let host = Authority::parse("example.com").unwrap();
        let admits = |policy: OriginPolicy| policy.admits(None, &host, &HeaderMap::new());
        assert!(admits(OriginPolicy::default()));
        assert!(admits(OriginPolicy::only(["https://a.test"]).unwrap()));
        assert!(!admits(OriginPolicy::same_host().refuse_missing()));
        assert!(!admits(OriginPolicy::same_host().or(OriginPolicy::default().refuse_missing())));
    }

    /// A policy of several accepts what one of them accepts.
    #[test]
    fn policies_add_up() {
        let policy = OriginPolicy::same_host().or(OriginPolicy::only(["https://a.test"]).unwrap());
        assert!(admits(&policy, "https://b.test", "b.test"));
        assert!(admits(&policy, "https://a.test", "b.test"));
        assert!(!admits(&policy, "https://c.test", "b.test"));
        let any = policy.or(OriginPolicy::dangerously_allow_any_origin());
        assert!(admits(&any, "null", "b.test"));
    }

    /// Checklist 39: the application's own rule sees the origin and the headers.
    #[test]
    fn a_custom_rule_decides_by_origin_and_headers() {
        let policy = OriginPolicy::custom(|origin, headers| {
            origin == "null" && headers.contains_key(header::AUTHORIZATION)
        });
        let host = Authority::parse("example.com").unwrap();
        let mut headers = HeaderMap::new();
        assert!(!policy.admits(Some("null"), &host, &headers));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer x"));
        assert!(policy.admits(Some("null"), &host, &headers));
        assert!(format!("{policy:?}").contains("Custom"));
    }
}
