//! Hosts that are connected to directly.

use crate::client::target::Host;
use std::net::{IpAddr, Ipv6Addr};

/// A list as in `NO_PROXY`, read as curl reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bypass(Vec<Rule>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    /// `*`
    Everything,
    /// A domain name in lower case, without dots at its ends: itself and what is below it.
    Domain(String),
    /// An address, or those that share its first so many bits.
    Network { address: IpAddr, bits: u8 },
}

impl Bypass {
    /// Entries stand between commas or spaces. What can be no host covers none.
    pub(crate) fn parse(list: &str) -> Self {
        let entries = list.split(|c: char| c == ',' || c.is_whitespace());
        Self(entries.filter(|entry| !entry.is_empty()).filter_map(Rule::parse).collect())
    }

    pub(crate) fn covers(&self, host: &Host) -> bool {
        self.0.iter().any(|rule| rule.covers(host))
    }
}

impl Rule {
    fn parse(entry: &str) -> Option<Self> {
        if entry == "*" {
            return Some(Self::Everything);
        }
        let (address, bits) = match entry.split_once('/') {
            Some((address, bits)) => (parse_address(address)?, Some(bits.parse().ok()?)),
            None => match parse_address(entry) {
                Some(address) => (address, None),
                None => return Self::domain(entry),
            },
        };
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(widest);
        (bits <= widest).then_some(Self::Network { address, bits })
    }

    fn domain(entry: &str) -> Option<Self> {
        let name = entry.trim_matches('.').to_ascii_lowercase();
        (!name.is_empty()).then_some(Self::Domain(name))
    }

    fn covers(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::Everything, _) => true,
            (Self::Domain(domain), Host::Name(name)) => is_within(name, domain),
            (Self::Network { address, bits }, Host::V4(host)) => {
                shares(*address, IpAddr::V4(*host), *bits)
            }
            (Self::Network { address, bits }, Host::V6(host)) => {
                shares(*address, IpAddr::V6(*host), *bits)
            }
            (Self::Domain(_), Host::V4(_) | Host::V6(_))
            | (Self::Network { .. }, Host::Name(_)) => false,
        }
    }
}

fn parse_address(text: &str) -> Option<IpAddr> {
    match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(six) => six.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => text.parse().ok(),
    }
}

/// Only whole labels count: `example.com` is not within `ample.com`.
fn is_within(name: &str, domain: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let Some(start) = name.len().checked_sub(domain.len()) else { return false };
    let (before, end) = (name.as_bytes().get(..start), name.as_bytes().get(start..));
    let bounded = before.is_some_and(|before| before.is_empty() || before.ends_with(b"."));
    bounded && end.is_some_and(|end| end.eq_ignore_ascii_case(domain.as_bytes()))
}

fn shares(one: IpAddr, other: IpAddr, bits: u8) -> bool {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            let difference = u32::from(one) ^ u32::from(other);
            difference.leading_zeros() >= u32::from(bits)
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => {
            let difference = u128::from(one) ^ u128::from(other);
            difference.leading_zeros() >= u32::from(bits)
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::target::Target;

    fn covers(list: &str, url: &str) -> bool {
        Bypass::parse(list).covers(Target::parse(url).unwrap().host())
    }

    #[test]
    fn a_domain_covers_itself_and_what_is_below_it() {
        for entry in
            ["example.com", ".example.com", "Example.COM", "example.com.", "a b,example.com"]
        {
            for url in ["ws://example.com", "ws://www.example.com:81", "ws://EXAMPLE.com./"] {
                assert!(covers(entry, url), "{entry} {url}");
            }
            for url in ["ws://notexample.com", "ws://example.com.evil", "ws://com"] {
                assert!(!covers(entry, url), "{entry} {url}");
            }
        }
    }

    #[test]
    fn a_star_covers_everything_and_nothing_covers_nothing() {
        for url in ["ws://h", "ws://127.0.0.1", "ws://[::1]"] {
            assert!(covers("*", url) && covers("x, *", url));
            assert!(!covers("", url) && !covers(" , .", url) && !covers("*.h", url));
        }
    }

    #[test]
    fn addresses_are_compared_as_numbers_and_by_networks() {
        for (list, url) in [
            ("127.0.0.1", "ws://127.0.0.1:9"),
            ("127.0.0.1", "ws://0x7f.1"),
            ("10.0.0.0/8", "ws://10.255.0.1"),
            ("0.0.0.0/0", "ws://8.8.8.8"),
            ("[::1]", "ws://[::1]"),
            ("0:0::1", "ws://[::1]"),
            ("fe80::/10", "ws://[febf::1]"),
            ("[2001:db8::]/32", "ws://[2001:db8:1::1]"),
        ] {
            assert!(covers(list, url), "{list} {url}");
        }
        for (list, url) in [
            ("10.0.0.0/8", "ws://11.0.0.1"),
            ("10.0.0.0/33", "ws://10.0.0.0"),
            ("10.0.0.0/x", "ws://10.0.0.0"),
            ("fe80::/10", "ws://[fec0::1]"),
            ("0.0.0.0/0", "ws://[::1]"),
            ("::/0", "ws://1.1.1.1"),
            ("1.1.1.1", "ws://1.1.1.1.example"),
            ("10", "ws://10.0.0.10"),
        ] {
            assert!(!covers(list, url), "{list} {url}");
        }
    }
}
