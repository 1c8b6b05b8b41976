//! The opening handshake, as short as it can be.

use base64::{Engine, prelude::BASE64_STANDARD};

/// The answer to a request that is complete, and its length.
pub(crate) fn answer(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = request.parse(bytes).ok()? else { return None };
    let mut headers = request.headers.iter();
    let key = headers.find(|header| header.name.eq_ignore_ascii_case("sec-websocket-key"))?;
    let mut hash = sha1_smol::Sha1::from(key.value);
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    let accept = BASE64_STANDARD.encode(hash.digest().bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    Some((answer.into_bytes(), length))
}
