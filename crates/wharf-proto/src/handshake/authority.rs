//! A host and its port, as `Host` and `Origin` name them.

use alloc::{format, string::String};
use core::net::Ipv6Addr;

/// `uri-host [ ":" port ]` (RFC 9110 §7.2), in a form that can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Authority {
    /// In lower case; an IPv6 address in its shortest form, with its brackets.
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

impl Authority {
    /// `text`, if it is a host with or without a port and nothing else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (host, port) = split_port(text)?;
        let host = if host.starts_with('[') { ipv6(host)? } else { name(host)? };
        Some(Self { host, port })
    }

    /// The port, or the scheme's default.
    pub(crate) fn port_for(&self, scheme: &str) -> Option<u16> {
        self.port.or_else(|| default_port(scheme))
    }
}

/// The default port of a scheme that a WebSocket can come from (RFC 6455 §3, RFC 9110 §4.2).
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// The colons of an IPv6 address stand inside its brackets.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let after_brackets = if text.starts_with('[') { text.find(']')? } else { 0 };
    match text.get(after_brackets..)?.find(':') {
        None => Some((text, None)),
        Some(at) => {
            let (host, port) = text.split_at_checked(after_brackets + at)?;
            Some((host, parse_port(port.strip_prefix(':')?)?))
        }
    }
}

/// A port may be empty (RFC 3986 §3.2.3); `+80`, which Rust would take, is none.
fn parse_port(text: &str) -> Option<Option<u16>> {
    match text {
        "" => Some(None),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok().map(Some),
        _ => None,
    }
}

fn ipv6(host: &str) -> Option<String> {
    let address: Ipv6Addr = host.strip_prefix('[')?.strip_suffix(']')?.parse().ok()?;
    Some(format!("[{address}]"))
}

fn name(host: &str) -> Option<String> {
    (!host.is_empty() && host.bytes().all(is_name)).then(|| host.to_ascii_lowercase())
}

/// `reg-name` (RFC 3986 §3.2.2): unreserved, percent-encoded, sub-delims; the comma is left out, because it
/// would be two hosts in one header.
const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.' | b'_' | b'~' | b'%' | b'!' | b'$' | b'&'..=b'+' | b';' | b'='
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, Option<u16>)> {
        Authority::parse(text).map(|authority| (authority.host, authority.port))
    }

    /// RFC 3986 §3.2, checklist 4: names, addresses, brackets, ports.
    #[test]
    fn a_host_is_read_with_and_without_port() {
        let cases = [
            ("example.com", "example.com", None),
            ("EXAMPLE.com:8080", "example.com", Some(8080)),
            ("example.com:", "example.com", None),
            ("127.0.0.1:80", "127.0.0.1", Some(80)),
            ("[::1]", "[::1]", None),
            ("[0:0:0:0:0:0:0:1]:443", "[::1]", Some(443)),
            ("[2001:DB8::A]:65535", "[2001:db8::a]", Some(65535)),
            ("my_host", "my_host", None),
        ];
        for (text, host, port) in cases {
            assert_eq!(read(text), Some((host.into(), port)), "{text}");
        }
    }

    /// RFC 9110 §7.2, checklist 32: one host, no user, no list, no path.
    #[test]
    fn what_is_no_host_is_refused() {
        let wrong = [
            "",
            ":80",
            "a:b",
            "a:+80",
            "a:65536",
            "a:80:80",
            "user@a",
            "a, b",
            "a/b",
            "a b",
            "::1",
            "[::1",
            "[]",
            "[::1]x",
            "[::1]80",
            "x[::1]",
            "[::g]",
            "[fe80::1%25en0]",
            "a#b",
            "a?b",
            "é",
            "]:",
            "]",
            "][",
        ];
        for text in wrong {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
