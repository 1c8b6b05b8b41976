//! What a proxy does wrong, or does not want to do.

use super::reply::SocksReply;
use bytes::Bytes;
use http::Response;
use std::fmt;
use wharf_proto::HeadError;

/// A proxy opened no tunnel: it refused, or it broke its protocol. Nothing was sent to the server.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProxyError {
    /// It answered a CONNECT with another status than 2xx (RFC 9110 §9.3.6): 407 if it wants credentials or
    /// other ones, 508 or 502 if it asked itself in a circle. The body is there as for
    /// [`ConnectError::response`](crate::ConnectError::response).
    Refused(Box<Response<Bytes>>),
    /// Its answer is no head of HTTP/1.1, or passes a limit of
    /// [`HandshakeLimits`](crate::HandshakeLimits).
    Head(HeadError),
    /// It sent so many bytes behind its answer, though the server was not asked anything yet.
    Premature(usize),
    /// It does not speak SOCKS5: this was the version that it named (RFC 1928 §3).
    NotSocks5(u8),
    /// It takes none of the ways to log in that were offered: give it credentials, or take them away
    /// (RFC 1928 §3).
    NoAcceptableMethod,
    /// It chose a way to log in that was not offered (RFC 1928 §3).
    MethodNotOffered(u8),
    /// It did not accept the user name and the password (RFC 1929 §2).
    LoginFailed,
    /// It made no connection (RFC 1928 §6).
    SocksRefused(SocksReply),
    /// Its answer is not what RFC 1928 §6 has: this byte stands at the wrong place.
    Malformed(u8),
    /// The name of the server is longer than the 255 bytes of SOCKS5 (RFC 1928 §5).
    NameTooLong,
    /// It ended the connection in the middle of its answer, or before it.
    Ended,
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(response) => write!(
                f,
                "it answered {} instead of opening a tunnel (RFC 9110 §9.3.6)",
                response.status()
            ),
            Self::Head(error) => error.fmt(f),
            Self::Premature(bytes) => write!(
                f,
                "it sent {bytes} bytes behind its answer, before the server was asked anything"
            ),
            Self::NotSocks5(version) => {
                write!(f, "it does not speak SOCKS5, it answered version {version} (RFC 1928 §3)")
            }
            Self::NoAcceptableMethod => f.write_str(
                "it takes none of the ways to log in that were offered; give it credentials, or other \
                 ones (RFC 1928 §3)",
            ),
            Self::MethodNotOffered(method) => {
                write!(f, "it chose a way to log in that was not offered: {method} (RFC 1928 §3)")
            }
            Self::LoginFailed => {
                f.write_str("it did not accept the user name and password (RFC 1929 §2)")
            }
            Self::SocksRefused(reply) => {
                write!(f, "it made no connection: {reply} (RFC 1928 §6)")
            }
            Self::Malformed(byte) => {
                write!(f, "its answer is malformed: a byte {byte:#04x} (RFC 1928 §6)")
            }
            Self::NameTooLong => {
                f.write_str("the name of the server is longer than 255 bytes (RFC 1928 §5)")
            }
            Self::Ended => f.write_str("it ended the connection before its answer was complete"),
        }
    }
}

impl std::error::Error for ProxyError {}
