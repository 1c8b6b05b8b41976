//! How proxies write whom they got a request from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The other end, as a proxy names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Address(IpAddr),
    /// `unknown`, or an identifier that means something to the proxy alone (RFC 7239 §6.3).
    Hidden,
}

impl Node {
    /// `node` of RFC 7239 §6, unquoted.
    pub(super) fn of_forwarded(text: &str) -> Option<Self> {
        if let Some(bracketed) = text.strip_prefix('[') {
            let (address, port) = bracketed.split_once(']')?;
            return (port.is_empty() || is_port(port.strip_prefix(':')?)).then_some(v6(address)?);
        }
        let (name, port) = match text.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (text, None),
        };
        if !port.is_none_or(is_port) {
            return None;
        }
        if name.eq_ignore_ascii_case("unknown") || is_obfuscated(name) {
            return Some(Self::Hidden);
        }
        let address: Ipv4Addr = name.parse().ok()?;
        Some(Self::Address(address.into()))
    }

    /// An element of `X-Forwarded-For`, which no RFC describes: as above, and IPv6 without brackets.
    pub(super) fn of_x_forwarded_for(text: &str) -> Option<Self> {
        if text.starts_with('_') {
            return None;
        }
        v6(text).or_else(|| Self::of_forwarded(text))
    }
}

fn v6(text: &str) -> Option<Node> {
    let address: Ipv6Addr = text.parse().ok()?;
    Some(Node::Address(IpAddr::V6(address).to_canonical()))
}

/// `node-port`: digits, or an obfuscated one.
fn is_port(text: &str) -> bool {
    let digits = (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits || is_obfuscated(text)
}

/// RFC 7239 §6.3.
fn is_obfuscated(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    text.strip_prefix('_').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(legal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<Node> {
        Some(Node::Address(text.parse().unwrap()))
    }

    /// RFC 7239 §6.
    #[test]
    fn a_node_is_an_address_or_hidden() {
        for (text, node) in [
            ("192.0.2.43", address("192.0.2.43")),
            ("192.0.2.43:47011", address("192.0.2.43")),
            ("192.0.2.43:_port", address("192.0.2.43")),
            ("[2001:db8:cafe::17]", address("2001:db8:cafe::17")),
            ("[2001:db8:cafe::17]:4711", address("2001:db8:cafe::17")),
            ("[::ffff:192.0.2.43]", address("192.0.2.43")),
            ("unknown", Some(Node::Hidden)),
            ("Unknown:80", Some(Node::Hidden)),
            ("_gazonk", Some(Node::Hidden)),
            ("_SEVKISEK.x-y:_p", Some(Node::Hidden)),
        ] {
            assert_eq!(Node::of_forwarded(text), node, "{text}");
        }
        for wrong in [
            "",
            "host",
            "192.0.2",
            "192.0.2.43:",
            "192.0.2.43:port",
            "192.0.2.43:123456",
            "2001:db8::17",
            "[2001:db8::17",
            "[2001:db8::17]80",
            "[2001:db8::17]:",
            "[192.0.2.43]",
            "_",
            "_a b",
            "192.0.2.43 ",
            "[fe80::1%eth0]",
        ] {
            assert_eq!(Node::of_forwarded(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn x_forwarded_for_writes_ipv6_as_it_likes() {
        for (text, node) in [
            ("2001:db8::17", address("2001:db8::17")),
            ("[2001:db8::17]:80", address("2001:db8::17")),
            ("192.0.2.43:80", address("192.0.2.43")),
            ("::ffff:192.0.2.43", address("192.0.2.43")),
            ("unknown", Some(Node::Hidden)),
            ("_gazonk", None),
            ("host.example", None),
            ("", None),
        ] {
            assert_eq!(Node::of_x_forwarded_for(text), node, "{text}");
        }
    }
}
