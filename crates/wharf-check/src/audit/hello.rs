//! Whether a server still speaks versions of TLS that nobody should (RFC 8996): a hello in bytes, as rustls has none.

use std::{fmt, io};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A version that RFC 8996 has put away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OldTls {
    V1_0,
    V1_1,
}

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// A ServerHello with the version that was asked for.
    Spoken,
    /// An alert, by its number.
    Alert(u8),
    /// Something else.
    Other,
}

const HANDSHAKE: u8 = 22;
const ALERT: u8 = 21;
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
/// The longest record (RFC 5246 §6.2.1), and its header.
const RECORD: usize = (1 << 14) + 5;

/// What any server of that time has: ECDHE, DHE and RSA with AES-CBC or 3DES (RFC 8422 §6, RFC 5246 §A.5), and the
/// sign that renegotiation is known (RFC 5746 §3.3).
const SUITES: [u16; 10] =
    [0xc00a, 0xc014, 0xc009, 0xc013, 0x0039, 0x0033, 0x0035, 0x002f, 0x000a, 0x00ff];

impl OldTls {
    const fn number(self) -> [u8; 2] {
        match self {
            Self::V1_0 => [3, 1],
            Self::V1_1 => [3, 2],
        }
    }
}

impl fmt::Display for OldTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1_0 => "TLS 1.0",
            Self::V1_1 => "TLS 1.1",
        })
    }
}

/// Sends a hello, and reads the first record of the answer.
pub(crate) async fn greet(
    tcp: &mut TcpStream,
    version: OldTls,
    name: Option<&str>,
    random: [u8; 32],
) -> io::Result<Reply> {
    tcp.write_all(&hello(version, name, random)).await?;
    let mut came = Vec::new();
    while came.len() < RECORD {
        if let Some(reply) = reply(&came, version) {
            return Ok(reply);
        }
        if tcp.read_buf(&mut came).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(Reply::Other)
}

/// What a record says, once enough of it has come: of a ServerHello, the version.
fn reply(came: &[u8], version: OldTls) -> Option<Reply> {
    let (header, body) = came.split_at_checked(5)?;
    match header[0] {
        ALERT => body.get(1).map(|number| Reply::Alert(*number)),
        HANDSHAKE => {
            let spoken = body.get(4..6)?;
            let is_it = body[0] == SERVER_HELLO && *spoken == version.number();
            Some(if is_it { Reply::Spoken } else { Reply::Other })
        }
        _ => Some(Reply::Other),
    }
}

/// A ClientHello in a record of its own (RFC 4346 §7.4.1.2, RFC 6066 §3, RFC 8422 §5.1).
fn hello(version: OldTls, name: Option<&str>, random: [u8; 32]) -> Vec<u8> {
    let suites: Vec<u8> = SUITES.iter().flat_map(|suite| suite.to_be_bytes()).collect();
    let groups = [0, 23, 0, 24, 0, 25];
    let name = name.map(|name| {
        let entry = [&[0][..], &short(name.as_bytes())].concat();
        extension(0, &short(&entry))
    });
    let extensions = [
        name.unwrap_or_default(),
        extension(10, &short(&groups)),
        // Points are not compressed.
        extension(11, &[1, 0]),
    ]
    .concat();
    let body = [
        &version.number()[..],
        &random,
        // No session, and no compression.
        &[0],
        &short(&suites),
        &[1, 0],
        &short(&extensions),
    ]
    .concat();
    let message = [&[CLIENT_HELLO, 0][..], &short(&body)].concat();
    [&[HANDSHAKE, 3, 1][..], &short(&message)].concat()
}

fn extension(number: u16, body: &[u8]) -> Vec<u8> {
    [&number.to_be_bytes()[..], &short(body)].concat()
}

/// Behind its length in two bytes.
fn short(body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).expect("a hello is some hundred bytes long");
    [&length.to_be_bytes()[..], body].concat()
}

#[cfg(test)]
mod tests {
    use super::{OldTls, Reply, hello, reply};

    /// Each length is that of what it stands before, or no server would read it.
    #[test]
    fn lengths_add_up() {
        let bytes = hello(OldTls::V1_1, Some("example.org"), [7; 32]);
        let number = |at: usize| usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
        assert_eq!((bytes[0], number(3)), (22, bytes.len() - 5));
        assert_eq!((bytes[5], bytes[6], number(7)), (1, 0, bytes.len() - 9));
        assert_eq!(bytes[9..11], [3, 2]);
        let behind_suites = 46 + number(44);
        let extensions = behind_suites + 2;
        assert_eq!(number(extensions), bytes.len() - extensions - 2);
        assert!(bytes.windows(11).any(|part| part == b"example.org"));
    }

    #[test]
    fn a_record_is_read_as_far_as_it_says_something() {
        let hello = [22, 3, 2, 0, 50, 2, 0, 0, 46, 3, 2];
        assert_eq!(reply(&hello, OldTls::V1_1), Some(Reply::Spoken));
        assert_eq!(reply(&hello, OldTls::V1_0), Some(Reply::Other));
        assert_eq!(reply(&hello[..10], OldTls::V1_1), None);
        assert_eq!(reply(&[21, 3, 1, 0, 2, 2, 70], OldTls::V1_0), Some(Reply::Alert(70)));
        assert_eq!(reply(b"HTTP/1.1 400", OldTls::V1_0), Some(Reply::Other));
    }
}
