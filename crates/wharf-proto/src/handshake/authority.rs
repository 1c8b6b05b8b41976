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
    let after_brackets = text.find(']').unwrap_or(0);
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
