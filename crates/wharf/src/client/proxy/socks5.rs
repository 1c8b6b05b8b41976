//! A tunnel by SOCKS5 (RFC 1928), with user name and password (RFC 1929).

use super::{error::ProxyError, reply::SocksReply};
use crate::client::{credentials::Credentials, error::Cause};
use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr},
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const VERSION: u8 = 5;
const LOGIN_VERSION: u8 = 1;

/// Ways to log in.
const NO_LOGIN: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const NONE_ACCEPTABLE: u8 = 0xff;

/// Types of addresses.
const V4: u8 = 1;
const NAME: u8 = 3;
const V6: u8 = 4;

/// Where the proxy is to connect to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Destination<'a> {
    Name(&'a str),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

/// Asks for a connection. Each answer is read to its last byte and no further, so that what follows is the
/// server's.
pub(super) async fn connect<T>(
    io: &mut T,
    credentials: Option<&Credentials>,
    destination: Destination<'_>,
    port: u16,
) -> Result<(), Cause>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let request = request(destination, port).ok_or(ProxyError::NameTooLong)?;
    write(io, greeting(credentials)).await?;
    let [version, method] = read(io).await?;
    check_version(version)?;
    match (method, credentials) {
        (NO_LOGIN, _) => {}
        (USER_AND_PASSWORD, Some(credentials)) => log_in(io, credentials).await?,
        (NONE_ACCEPTABLE, _) => return Err(ProxyError::NoAcceptableMethod.into()),
        (method, _) => return Err(ProxyError::MethodNotOffered(method).into()),
    }
    write(io, &request).await?;
    read_reply(io).await
}

const fn greeting(credentials: Option<&Credentials>) -> &'static [u8] {
    match credentials {
        None => &[VERSION, 1, NO_LOGIN],
        Some(_) => &[VERSION, 2, NO_LOGIN, USER_AND_PASSWORD],
    }
}

async fn log_in<T>(io: &mut T, credentials: &Credentials) -> Result<(), Cause>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut login = vec![LOGIN_VERSION];
    for text in [credentials.user(), credentials.password()] {
        // `Proxy` has seen to their lengths.
        login.push(u8::try_from(text.len()).map_err(|_| ProxyError::LoginFailed)?);
        login.extend_from_slice(text);
    }
    write(io, &login).await?;
    match read(io).await? {
        [LOGIN_VERSION, 0] => Ok(()),
        [LOGIN_VERSION, _] => Err(ProxyError::LoginFailed.into()),
        [version, _] => Err(ProxyError::Malformed(version).into()),
    }
}

/// `None` if a name is too long to be said.
fn request(destination: Destination<'_>, port: u16) -> Option<Vec<u8>> {
    let mut request = vec![VERSION, 1, 0];
    match destination {
        Destination::Name(name) => {
            request.extend([NAME, u8::try_from(name.len()).ok()?]);
            request.extend_from_slice(name.as_bytes());
        }
        Destination::V4(address) => {
            request.push(V4);
            request.extend(address.octets());
        }
        Destination::V6(address) => {
            request.push(V6);
            request.extend(address.octets());
        }
    }
    request.extend(port.to_be_bytes());
    Some(request)
}

/// The address that the proxy connects from is of no interest, but its length decides where the tunnel
/// begins.
async fn read_reply(io: &mut (impl AsyncRead + Unpin)) -> Result<(), Cause> {
    let [version, code] = read(io).await?;
    check_version(version)?;
    if let Some(reply) = SocksReply::of(code) {
        return Err(ProxyError::SocksRefused(reply).into());
    }
    let [reserved, kind] = read(io).await?;
    if reserved != 0 {
        return Err(ProxyError::Malformed(reserved).into());
    }
    match kind {
        V4 => read::<{ 4 + 2 }>(io).await.map(drop),
        V6 => read::<{ 16 + 2 }>(io).await.map(drop),
        NAME => {
            let [len] = read(io).await?;
            let mut name = vec![0; usize::from(len) + 2];
            io.read_exact(&mut name).await.map_err(ended)?;
            Ok(())
        }
        kind => Err(ProxyError::Malformed(kind).into()),
    }
}

fn check_version(version: u8) -> Result<(), Cause> {
    if version == VERSION { Ok(()) } else { Err(ProxyError::NotSocks5(version).into()) }
}

async fn write(io: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    io.write_all(bytes).await?;
    io.flush().await
}

async fn read<const N: usize>(io: &mut (impl AsyncRead + Unpin)) -> Result<[u8; N], Cause> {
    let mut bytes = [0; N];
    io.read_exact(&mut bytes).await.map_err(ended)?;
    Ok(bytes)
}

fn ended(error: io::Error) -> Cause {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        ProxyError::Ended.into()
    } else {
        error.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1928 §4.
    #[test]
    fn a_request_says_the_destination_in_one_of_three_ways() {
        let name = request(Destination::Name("h.example"), 443).unwrap();
        assert_eq!(name, b"\x05\x01\x00\x03\x09h.example\x01\xbb");
        let four = request(Destination::V4(Ipv4Addr::LOCALHOST), 80).unwrap();
        assert_eq!(four, b"\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x50");
        let six = request(Destination::V6(Ipv6Addr::LOCALHOST), 80).unwrap();
        assert_eq!(six.len(), 3 + 1 + 16 + 2);
        assert_eq!(six[3], 4);
    }

    #[test]
    fn a_name_beyond_255_bytes_cannot_be_said() {
        assert!(request(Destination::Name(&"a".repeat(255)), 1).is_some());
        assert!(request(Destination::Name(&"a".repeat(256)), 1).is_none());
    }
}
