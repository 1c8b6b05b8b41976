//! The PROXY header of version 2: binary, of a length that it announces (§2.2).

use super::{
    crc::crc32c,
    error::ProxyHeaderError,
    preface::{Preface, SHORTEST, Source},
};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

pub(super) const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// Signature, command, family, length.
const FIXED: usize = 16;
/// The longest header. Addresses take 216 bytes at most; certificates' names and the like come behind.
const LONGEST: usize = 4096;
/// §2.2.4: the type of a checksum.
const CRC32C: u8 = 0x03;

/// How addresses are written.
#[derive(Clone, Copy)]
enum Family {
    Unspecified,
    V4,
    V6,
    Unix,
}

/// Reads a header that begins with the signature, or with a part of it.
pub(super) fn read(bytes: &[u8]) -> Result<Preface, ProxyHeaderError> {
    let Some(fixed) = bytes.first_chunk::<FIXED>() else {
        let missing = if bytes.len() < SHORTEST { SHORTEST } else { FIXED } - bytes.len();
        return Ok(Preface::Needs(missing));
    };
    let [.., command, family, high, low] = *fixed;
    let (length, known) = (u16::from_be_bytes([high, low]), kind(command, family)?);
    let whole = FIXED + usize::from(length);
    if whole > LONGEST {
        return Err(ProxyHeaderError::TooLong(length));
    }
    match bytes.get(..whole) {
        None => Ok(Preface::Needs(whole - bytes.len())),
        Some(header) => {
            known.map_or(Ok(Source::Own), |known| source(known, header)).map(Preface::Done)
        }
    }
}

/// What the addresses are; `None` for a connection of the proxy's own (`LOCAL`), which says no more.
fn kind(command: u8, family: u8) -> Result<Option<Family>, ProxyHeaderError> {
    let local = match command {
        0x20 => true,
        0x21 => false,
        _ => return Err(ProxyHeaderError::Kind(command)),
    };
    let known = match (family >> 4, family & 0x0F) {
        (0, 0..=2) => Family::Unspecified,
        (1, 0..=2) => Family::V4,
        (2, 0..=2) => Family::V6,
        (3, 0..=2) => Family::Unix,
        _ => return Err(ProxyHeaderError::Kind(family)),
    };
    Ok((!local).then_some(known))
}

fn source(family: Family, header: &[u8]) -> Result<Source, ProxyHeaderError> {
    let body = &header[FIXED..];
    let (source, addresses) = match family {
        // §2.2: the receiver ignores what follows.
        Family::Unspecified => return Ok(Source::Own),
        Family::V4 => (v4(body), 12),
        Family::V6 => (v6(body), 36),
        Family::Unix => (Some(Source::Own), 216),
    };
    let tlvs = body.get(addresses..).ok_or(ProxyHeaderError::Length)?;
    check(header, tlvs)?;
    source.ok_or(ProxyHeaderError::Length)
}

fn v4(body: &[u8]) -> Option<Source> {
    let address = Ipv4Addr::from(*body.first_chunk::<4>()?);
    let port = u16::from_be_bytes(*body.get(8..)?.first_chunk()?);
    Some(Source::Client(SocketAddr::new(address.into(), port)))
}

fn v6(body: &[u8]) -> Option<Source> {
    let address = Ipv6Addr::from(*body.first_chunk::<16>()?);
    let port = u16::from_be_bytes(*body.get(32..)?.first_chunk()?);
    Some(Source::Client(SocketAddr::new(address.into(), port)))
}

/// Passes over the TLVs, and compares the checksum if there is one (§2.2.4).
fn check(header: &[u8], mut tlvs: &[u8]) -> Result<(), ProxyHeaderError> {
    while let [kind, high, low, rest @ ..] = tlvs {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let (value, behind) = rest.split_at_checked(length).ok_or(ProxyHeaderError::Length)?;
        if *kind == CRC32C {
            let sum = u32::from_be_bytes(value.try_into().map_err(|_| ProxyHeaderError::Length)?);
            let at = header.len() - behind.len() - value.len();
            let pieces = [&header[..at], &[0; 4], behind];
            if crc32c(pieces) != sum {
                return Err(ProxyHeaderError::Checksum);
            }
        }
        tlvs = behind;
    }
    if tlvs.is_empty() { Ok(()) } else { Err(ProxyHeaderError::Length) }
}
