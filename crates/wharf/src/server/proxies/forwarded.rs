//! What trusted proxies say of a request (RFC 7239).

use super::{
    error::ForwardedError,
    hops::{Quotes, backwards, last_outside_quotes},
    network::TrustedProxies,
    node::Node,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::net::IpAddr;

/// The header in which proxies say whom they got a request from. Name the one that yours write: another would reach us as
/// a stranger has sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ForwardedHeader {
    /// `Forwarded` (RFC 7239): its parameters `for`, `host` and `proto`.
    Forwarded,
    /// `X-Forwarded-For`, and with it `X-Forwarded-Host` and `X-Forwarded-Proto`, of which the last value counts: the
    /// proxy must set them, or take them away.
    XForwardedFor,
}

/// What trusted proxies say of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forwarded {
    /// The client: the first address, seen from here, that is no trusted proxy's. If a trusted proxy hides whom it got
    /// the request from, its own.
    pub client: IpAddr,
    /// The host that the client asked for.
    pub host: Option<String>,
    /// The scheme that the client used, such as `https`.
    pub proto: Option<String>,
}

/// Whom to believe what.
#[derive(Debug, Clone)]
pub(in crate::server) struct Believed {
    pub(in crate::server) header: ForwardedHeader,
    pub(in crate::server) proxies: TrustedProxies,
}

/// One element, written by one proxy.
#[derive(Debug, Default, PartialEq, Eq)]
struct Hop {
    node: Option<Node>,
    host: Option<String>,
    proto: Option<String>,
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

impl Believed {
    /// What `headers` say that came from `peer`; `None` if it is no trusted proxy.
    ///
    /// Goes from here towards the client, and ends at the first that is not trusted: what that one says is not even
    /// read.
    pub(in crate::server) fn read(
        &self,
        peer: Option<IpAddr>,
        headers: &HeaderMap,
    ) -> Result<Option<Forwarded>, ForwardedError> {
        let Some(peer) = peer.filter(|peer| self.proxies.contains(*peer)) else { return Ok(None) };
        match self.header {
            ForwardedHeader::Forwarded => self.forwarded(peer, headers),
            ForwardedHeader::XForwardedFor => self.x_forwarded_for(peer, headers),
        }
        .map(Some)
    }

    fn forwarded(&self, peer: IpAddr, headers: &HeaderMap) -> Result<Forwarded, ForwardedError> {
        let mut seen = Forwarded { client: peer.to_canonical(), host: None, proto: None };
        for element in backwards(headers, &header::FORWARDED, Quotes::Kept) {
            let hop = element.and_then(Hop::parse).ok_or_else(|| wrong("Forwarded", element))?;
            seen.host = hop.host.or(seen.host);
            seen.proto = hop.proto.or(seen.proto);
            if !self.goes_on(&mut seen, hop.node.unwrap_or(Node::Hidden)) {
                break;
            }
        }
        Ok(seen)
    }

    fn x_forwarded_for(
        &self,
        peer: IpAddr,
        headers: &HeaderMap,
    ) -> Result<Forwarded, ForwardedError> {
        let last = |name| backwards(headers, &name, Quotes::None).next().flatten();
        let mut seen = Forwarded {
            client: peer.to_canonical(),
            host: last(X_FORWARDED_HOST).map(str::to_owned),
            proto: last(X_FORWARDED_PROTO).map(str::to_owned),
        };
        for element in backwards(headers, &X_FORWARDED_FOR, Quotes::None) {
            let node = element.and_then(Node::of_x_forwarded_for);
            let node = node.ok_or_else(|| wrong("X-Forwarded-For", element))?;
            if !self.goes_on(&mut seen, node) {
                break;
            }
        }
        Ok(seen)
    }

    /// Whether what stands further to the front was written by a trusted proxy too.
    fn goes_on(&self, seen: &mut Forwarded, node: Node) -> bool {
        match node {
            Node::Hidden => false,
            Node::Address(address) => {
                seen.client = address;
                self.proxies.contains(address)
            }
        }
    }
}

fn wrong(header: &'static str, element: Option<&str>) -> ForwardedError {
    ForwardedError { header, element: element.unwrap_or("bytes that are no text").to_owned() }
}

/// The headers with the host that the client asked for in place of the one that the proxy did.
pub(in crate::server) fn with_host(headers: &HeaderMap, host: &str) -> HeaderMap {
    let mut headers = headers.clone();
    // What is no value of a header was none before.
    if let Ok(host) = HeaderValue::from_str(host) {
        headers.insert(header::HOST, host);
    }
    headers
}

impl Hop {
    /// `forwarded-element` of RFC 7239 §4: pairs, each name once.
    fn parse(text: &str) -> Option<Self> {
        let (mut hop, mut left, mut names) = (Self::default(), Some(text), Vec::new());
        while let Some(text) = left {
            let split = last_outside_quotes(text.as_bytes(), b';');
            let pair = split.map_or(text, |at| &text[at + 1..]);
            left = split.map(|at| &text[..at]);
            let (name, value) = pair.trim_matches([' ', '\t']).split_once('=')?;
            let (name, value) = (name.to_ascii_lowercase(), unquoted(value)?);
            if !is_token(&name) || names.contains(&name) {
                return None;
            }
            match name.as_str() {
                "for" => hop.node = Some(Node::of_forwarded(&value)?),
                "host" => hop.host = Some(value),
                "proto" => hop.proto = Some(value),
                _ => {}
            }
            names.push(name);
        }
        Some(hop)
    }
}

/// A token, or what a quoted string holds.
fn unquoted(value: &str) -> Option<String> {
    let Some(inside) = value.strip_prefix('"') else {
        return is_token(value).then(|| value.to_owned());
    };
    let (mut text, mut rest) = (String::new(), inside.strip_suffix('"')?.chars());
    while let Some(next) = rest.next() {
        match next {
            '\\' => text.push(rest.next()?),
            '"' => return None,
            other => text.push(other),
        }
    }
    Some(text)
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(legal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn believed(header: ForwardedHeader) -> Believed {
        Believed { header, proxies: TrustedProxies::new(["10.0.0.0/8", "fd00::/8"]).unwrap() }
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    fn client(
        header: ForwardedHeader,
        peer: &str,
        lines: &[(&'static str, &str)],
    ) -> Result<Option<String>, ForwardedError> {
        let seen = believed(header).read(Some(peer.parse().unwrap()), &headers(lines));
        seen.map(|seen| seen.map(|seen| seen.client.to_string()))
    }

    fn by_x(lines: &[&str]) -> Result<Option<String>, ForwardedError> {
        let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
        client(ForwardedHeader::XForwardedFor, "10.0.0.1", &lines)
    }

    fn by_rfc(lines: &[&str]) -> Result<Option<String>, ForwardedError> {
        let lines: Vec<_> = lines.iter().map(|line| ("forwarded", *line)).collect();
        client(ForwardedHeader::Forwarded, "10.0.0.1", &lines)
    }

    fn is(address: &str) -> Result<Option<String>, ForwardedError> {
        Ok(Some(address.into()))
    }

    /// Whoever is not listed can write what it likes.
    #[test]
    fn a_stranger_is_not_believed() {
        let lines = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")];
        for header in [ForwardedHeader::XForwardedFor, ForwardedHeader::Forwarded] {
            assert_eq!(client(header, "203.0.113.1", &lines), Ok(None));
            assert_eq!(client(header, "10.0.0.1", &lines), is("192.0.2.1"));
            assert_eq!(client(header, "::ffff:10.0.0.1", &lines), is("192.0.2.1"));
            assert_eq!(believed(header).read(None, &headers(&lines)), Ok(None));
        }
    }

    /// The other header is a stranger's affair.
    #[test]
    fn only_the_header_that_was_named_is_read() {
        let rfc = [("forwarded", "for=192.0.2.1")];
        assert_eq!(client(ForwardedHeader::XForwardedFor, "10.0.0.1", &rfc), is("10.0.0.1"));
        let x = [("x-forwarded-for", "192.0.2.1")];
        assert_eq!(client(ForwardedHeader::Forwarded, "10.0.0.1", &x), is("10.0.0.1"));
    }

    #[test]
    fn the_first_that_is_not_trusted_is_the_client() {
        assert_eq!(by_x(&["198.51.100.7, 192.0.2.1, 10.9.9.9"]), is("192.0.2.1"));
        assert_eq!(by_x(&["198.51.100.7, 192.0.2.1", "10.9.9.9"]), is("192.0.2.1"));
        assert_eq!(by_x(&["10.8.8.8, fd00::1, 10.9.9.9:80"]), is("10.8.8.8"));
        assert_eq!(by_x(&["[2001:db8::1]:80, 10.9.9.9"]), is("2001:db8::1"));
        assert_eq!(
            by_rfc(&["for=198.51.100.7, for=192.0.2.1;by=_x, for=10.9.9.9"]),
            is("192.0.2.1")
        );
        assert_eq!(by_rfc(&[r#"For="[2001:db8:cafe::17]:4711""#]), is("2001:db8:cafe::17"));
        assert_eq!(
            by_rfc(&[r#"for=192.0.2.1;proto=http;by=203.0.113.43"#, "for=\"10.1.1.1:80\""]),
            is("192.0.2.1")
        );
    }

    /// What a stranger wrote to the left is not even read.
    #[test]
    fn what_a_stranger_wrote_does_no_harm() {
        assert_eq!(by_x(&["garbage, , é, 192.0.2.1"]), is("192.0.2.1"));
        for before in ["garbage", "for=\"", "for=\"\\", ";;=,,", "for=1.2.3.4;for=5.6.7.8", "\""] {
            assert_eq!(by_rfc(&[&format!("{before}, for=192.0.2.1")]), is("192.0.2.1"), "{before}");
            assert_eq!(by_rfc(&[before, "for=\"192.0.2.1\""]), is("192.0.2.1"), "{before}");
        }
    }

    /// RFC 7239 §6.2, §6.3: behind a proxy that says not whom it serves, all are that proxy's.
    #[test]
    fn who_is_hidden_counts_as_the_proxy() {
        assert_eq!(by_x(&["192.0.2.1, unknown"]), is("10.0.0.1"));
        assert_eq!(by_rfc(&["for=192.0.2.1, for=_hidden, for=10.2.2.2"]), is("10.2.2.2"));
        assert_eq!(by_rfc(&["for=192.0.2.1, by=10.0.0.1"]), is("10.0.0.1"));
        assert_eq!(by_rfc(&[]), is("10.0.0.1"));
    }

    /// A trusted proxy that writes nonsense is no longer understood: who would be guessed at?
    #[test]
    fn nonsense_of_a_trusted_proxy_is_an_error() {
        for line in ["192.0.2.1, nonsense", "host.example", "for=192.0.2.1", "é"] {
            assert!(by_x(&[line]).is_err(), "{line}");
        }
        for line in [
            "192.0.2.1",
            "for=192.0.2.1;",
            "for=2001:db8::1",
            "for=[2001:db8::1]",
            "for=\"192.0.2.1",
            "for=192.0.2.1\"",
            "for=192.0.2.1;for=192.0.2.2",
            "for = 192.0.2.1",
            "=x",
            "for=\"192.0.2.1\"x",
            "for=",
            "a b=c",
            "for=192.0.2.1;b=\"\"\"",
        ] {
            assert!(by_rfc(&[line]).is_err(), "{line}");
        }
        let error = by_x(&["nonsense"]).unwrap_err().to_string();
        assert!(error.contains("X-Forwarded-For with \"nonsense\""), "{error}");
    }

    /// RFC 7239 §5.3, §5.4.
    #[test]
    fn host_and_scheme_are_those_that_the_client_used() {
        let believed = believed(ForwardedHeader::Forwarded);
        let peer = Some("10.0.0.1".parse().unwrap());
        let line = r#"for=1.1.1.1;host=evil.test, for=192.0.2.1;host="a.test:80";proto=https, for=10.0.0.2;host=inner.test;proto=http"#;
        let seen = believed.read(peer, &headers(&[("forwarded", line)])).unwrap().unwrap();
        assert_eq!(
            (seen.host.as_deref(), seen.proto.as_deref()),
            (Some("a.test:80"), Some("https"))
        );
        assert_eq!(with_host(&headers(&[("host", "x")]), "a.test")["host"], "a.test");
    }

    #[test]
    fn x_forwarded_host_is_the_last_one() {
        let believed = believed(ForwardedHeader::XForwardedFor);
        let peer = Some("10.0.0.1".parse().unwrap());
        let lines = [("x-forwarded-host", "evil.test, a.test"), ("x-forwarded-proto", "https")];
        let seen = believed.read(peer, &headers(&lines)).unwrap().unwrap();
        assert_eq!((seen.host.as_deref(), seen.proto.as_deref()), (Some("a.test"), Some("https")));
    }

    proptest! {
        /// Whatever a stranger sends, the client is whom the trusted proxy names.
        #[test]
        fn nothing_to_the_left_changes_who_the_client_is(left in "[ -~]{0,60}") {
            prop_assert_eq!(by_rfc(&[&format!("{left}, for=\"192.0.2.1\"")]), is("192.0.2.1"));
            prop_assert_eq!(by_x(&[&format!("{left}, 192.0.2.1")]), is("192.0.2.1"));
        }
    }
}
