//! What a SOCKS5 proxy may answer to a request (RFC 1928 §6).

use std::fmt;

/// Why a SOCKS5 proxy made no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SocksReply {
    /// 1: the proxy failed.
    Failure,
    /// 2: its rules do not allow it.
    NotAllowed,
    /// 3: there is no way to the network.
    NetworkUnreachable,
    /// 4: there is no way to the host, or it has no address.
    HostUnreachable,
    /// 5: the host refused the connection.
    ConnectionRefused,
    /// 6: the way was too long: a loop, perhaps.
    TtlExpired,
    /// 7: it makes no connections.
    CommandNotSupported,
    /// 8: it does not know this type of address.
    AddressTypeNotSupported,
    /// A code that the RFC does not know.
    Unknown(u8),
}

impl SocksReply {
    /// `None` for success.
    pub(crate) const fn of(code: u8) -> Option<Self> {
        Some(match code {
            0 => return None,
            1 => Self::Failure,
            2 => Self::NotAllowed,
            3 => Self::NetworkUnreachable,
            4 => Self::HostUnreachable,
            5 => Self::ConnectionRefused,
            6 => Self::TtlExpired,
            7 => Self::CommandNotSupported,
            8 => Self::AddressTypeNotSupported,
            other => Self::Unknown(other),
        })
    }
}

impl fmt::Display for SocksReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Failure => "general failure",
            Self::NotAllowed => "not allowed by its rules",
            Self::NetworkUnreachable => "network unreachable",
            Self::HostUnreachable => "host unreachable",
            Self::ConnectionRefused => "connection refused",
            Self::TtlExpired => "time to live expired",
            Self::CommandNotSupported => "command not supported",
            Self::AddressTypeNotSupported => "type of address not supported",
            Self::Unknown(code) => return write!(f, "code {code}"),
        })
    }
}
