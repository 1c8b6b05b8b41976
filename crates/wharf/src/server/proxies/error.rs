//! What is wrong with what a trusted proxy says.

use std::{error::Error, fmt};

/// A PROXY header that cannot be read, from a network that must send one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyHeaderError {
    /// The connection starts with something else.
    Missing,
    /// A line of version 1 that breaks its grammar, or is longer than 107 bytes.
    Line,
    /// A version, command, family or transport that is none.
    Kind(u8),
    /// Addresses or TLVs that are longer, or shorter, than announced.
    Length,
    /// More than 4,096 bytes are announced.
    TooLong(u16),
    /// The checksum (CRC32c) does not fit.
    Checksum,
}

impl fmt::Display for ProxyHeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str(
                "the connection starts without a PROXY header, which its network must send \
                 (AcceptorBuilder::proxy_protocol)",
            ),
            Self::Line => f.write_str("the line of version 1 breaks its grammar"),
            Self::Kind(byte) => {
                write!(f, "{byte:#04x} is no version and command, or no family and transport")
            }
            Self::Length => f.write_str("addresses or TLVs do not fill the length announced"),
            Self::TooLong(announced) => {
                write!(f, "{announced} bytes are announced; 4,096 are taken")
            }
            Self::Checksum => f.write_str("its checksum does not fit"),
        }
    }
}

impl Error for ProxyHeaderError {}

/// A `Forwarded` or `X-Forwarded-For` that cannot be read where a trusted proxy wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardedError {
    pub(super) header: &'static str,
    pub(super) element: String,
}

impl fmt::Display for ForwardedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { header, element } = self;
        write!(
            f,
            "a trusted proxy sent {header} with {element:?}, which names nobody (RFC 7239 §4)"
        )
    }
}

impl Error for ForwardedError {}
