//! The PROXY header of version 1: a line that people can read (§2.1).

use super::{
    error::ProxyHeaderError,
    preface::{Preface, SHORTEST, Source},
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

pub(super) const SIGNATURE: &[u8] = b"PROXY ";
/// The longest line, its end among it.
const LONGEST: usize = 107;
/// As far as the family of the addresses.
const TO_FAMILY: usize = 11;

/// Reads a line that begins with the signature, or with a part of it.
pub(super) fn read(bytes: &[u8]) -> Result<Preface, ProxyHeaderError> {
    let line = &bytes[..bytes.len().min(LONGEST)];
    if let Some(end) = line.iter().position(|&byte| byte == b'\n') {
        let line = line[..end].strip_suffix(b"\r").ok_or(ProxyHeaderError::Line)?;
        return source(line).map(Preface::Done).ok_or(ProxyHeaderError::Line);
    }
    if bytes.len() >= LONGEST {
        return Err(ProxyHeaderError::Line);
    }
    let end = if bytes.ends_with(b"\r") { 1 } else { 2 };
    Ok(Preface::Needs(least(bytes).saturating_sub(bytes.len()).max(end)))
}

/// The length of the shortest line that begins so.
fn least(bytes: &[u8]) -> usize {
    let shortest: [&[u8]; 2] = [b"PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n", b"PROXY TCP6 :: :: 0 0\r\n"];
    let alike = shortest.into_iter().find(|line| bytes.starts_with(&line[..TO_FAMILY]));
    alike.map_or(SHORTEST, <[u8]>::len)
}

fn source(line: &[u8]) -> Option<Source> {
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split(' ');
    match (words.next()?, words.next()?) {
        // What follows says nothing (§2.1).
        ("PROXY", "UNKNOWN") => Some(Source::Own),
        ("PROXY", "TCP4") => client::<Ipv4Addr>(words),
        ("PROXY", "TCP6") => client::<Ipv6Addr>(words),
        _ => None,
    }
}

/// Two addresses and two ports.
fn client<'a, A: FromStr + Into<IpAddr>>(
    mut words: impl Iterator<Item = &'a str>,
) -> Option<Source> {
    let source: A = words.next()?.parse().ok()?;
    let _destination: A = words.next()?.parse().ok()?;
    let (port, _) = (port(words.next()?)?, port(words.next()?)?);
    words.next().is_none().then(|| Source::Client(SocketAddr::new(source.into(), port)))
}

/// Decimal, without sign and leading zeros.
fn port(text: &str) -> Option<u16> {
    let plain = text == "0" || text.starts_with(|first| matches!(first, '1'..='9'));
    text.parse().ok().filter(|_| plain)
}
