//! Networks, as operators write them.

use std::{
    error::Error,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
    sync::Arc,
};

/// The networks whose proxies are believed; cheap to clone.
///
/// ```
/// use wharf::TrustedProxies;
///
/// let proxies = TrustedProxies::new(["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"])?;
/// assert!(proxies.contains("10.1.2.3".parse()?));
/// assert!(proxies.contains("::ffff:10.1.2.3".parse()?));
/// assert!(!proxies.contains("192.0.2.8".parse()?));
/// assert!(TrustedProxies::new(["10.0.0.1/8"]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[Network]>);

/// An address and how many of its leading bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    prefix: u8,
}

impl TrustedProxies {
    /// Networks in CIDR notation, such as `10.0.0.0/8`, or single addresses.
    ///
    /// List the proxies themselves, no more: whoever is in these networks can claim to be anybody.
    ///
    /// # Errors
    /// What is no network, and one with bits set behind its prefix: `10.0.0.1/8` may have meant one host.
    pub fn new<N: AsRef<str>>(
        networks: impl IntoIterator<Item = N>,
    ) -> Result<Self, InvalidNetwork> {
        networks.into_iter().map(|text| text.as_ref().parse()).collect::<Result<_, _>>().map(Self)
    }

    /// Whether an address is in one of the networks. An IPv4 address may come mapped into IPv6.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(address))
    }
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                first_bits(network.to_bits(), self.prefix)
                    == first_bits(address.to_bits(), self.prefix)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let (network, address) = (network.to_bits(), address.to_bits());
                first_bits_v6(network, self.prefix) == first_bits_v6(address, self.prefix)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    /// The same address with every bit behind the prefix cleared.
    fn base(self) -> IpAddr {
        match self.address {
            IpAddr::V4(v4) => Ipv4Addr::from_bits(first_bits(v4.to_bits(), self.prefix)).into(),
            IpAddr::V6(v6) => Ipv6Addr::from_bits(first_bits_v6(v6.to_bits(), self.prefix)).into(),
        }
    }
}

fn first_bits(bits: u32, prefix: u8) -> u32 {
    bits & u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

fn first_bits_v6(bits: u128, prefix: u8) -> u128 {
    bits & u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0)
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let invalid = |why| InvalidNetwork { text: text.to_owned(), why };
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| invalid(Why::Address))?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(most), |text| read_prefix(text, most));
        let network = Self { address, prefix: prefix.ok_or_else(|| invalid(Why::Prefix(most)))? };
        if network.base() != address {
            return Err(invalid(Why::HostBits(network.base())));
        }
        Ok(network)
    }
}

/// A decimal number without sign and without a leading zero.
fn read_prefix(text: &str, most: u8) -> Option<u8> {
    let plain =
        text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|&prefix| plain && prefix <= most)
}

/// A text that [`TrustedProxies::new`] does not take for a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidNetwork {
    text: String,
    why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Address,
    Prefix(u8),
    HostBits(IpAddr),
}

impl fmt::Display for InvalidNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no network: ", self.text)?;
        match self.why {
            Why::Address => {
                f.write_str("write an IP address, or one and its prefix, such as 10.0.0.0/8")
            }
            Why::Prefix(most) => write!(f, "its prefix must be a number from 0 to {most}"),
            Why::HostBits(base) => write!(
                f,
                "bits are set behind its prefix; the network is {base}, a single address has no prefix"
            ),
        }
    }
}

impl Error for InvalidNetwork {}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(network: &str, address: &str) -> bool {
        TrustedProxies::new([network]).unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_holds_what_begins_like_it() {
        for (network, inside) in [
            ("10.0.0.0/8", "10.255.0.1"),
            ("0.0.0.0/0", "203.0.113.9"),
            ("192.0.2.128/25", "192.0.2.128"),
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7/32", "::ffff:192.0.2.7"),
            ("::/0", "2001:db8::1"),
            ("2001:db8::/33", "2001:db8:7fff::1"),
            ("::1", "::1"),
        ] {
            assert!(holds(network, inside), "{network} {inside}");
        }
    }

    #[test]
    fn a_network_holds_nothing_else() {
        for (network, outside) in [
            ("10.0.0.0/8", "11.0.0.0"),
            ("192.0.2.128/25", "192.0.2.127"),
            ("192.0.2.7", "192.0.2.6"),
            ("0.0.0.0/0", "2001:db8::1"),
            ("::/0", "192.0.2.7"),
            ("2001:db8::/33", "2001:db8:8000::1"),
        ] {
            assert!(!holds(network, outside), "{network} {outside}");
        }
    }

    #[test]
    fn what_is_no_network_is_an_error_that_says_why() {
        for (text, says) in [
            (
                "",
                "\"\" is no network: write an IP address, or one and its prefix, such as 10.0.0.0/8",
            ),
            (
                "example.com",
                "\"example.com\" is no network: write an IP address, or one and its prefix, such as 10.0.0.0/8",
            ),
            (
                "10.0.0.0/33",
                "\"10.0.0.0/33\" is no network: its prefix must be a number from 0 to 32",
            ),
            ("::/129", "\"::/129\" is no network: its prefix must be a number from 0 to 128"),
            (
                "10.0.0.1/8",
                "\"10.0.0.1/8\" is no network: bits are set behind its prefix; the network is 10.0.0.0, a single address has no prefix",
            ),
        ] {
            assert_eq!(TrustedProxies::new([text]).unwrap_err().to_string(), says);
        }
        for odd in [
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0.0/08",
            "10.0.0.0/8/8",
            " 10.0.0.0/8",
            "10/8",
            "010.0.0.0/8",
            "[::1]/128",
        ] {
            assert!(TrustedProxies::new([odd]).is_err(), "{odd}");
        }
    }
}
