//! The server's side of the opening handshake over HTTP/1.1.

use crate::work::Work;
use std::hint::black_box;
use wharf_proto::{Choice, HandshakeLimits, OriginPolicy, RequestReader, examine};

/// What a browser asks, shortened.
const REQUEST: &[u8] = b"GET /chat?room=7 HTTP/1.1\r\n\
    Host: chat.example.com\r\n\
    Connection: keep-alive, Upgrade\r\n\
    Pragma: no-cache\r\n\
    Cache-Control: no-cache\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n\
    Upgrade: websocket\r\n\
    Origin: http://chat.example.com\r\n\
    Sec-WebSocket-Version: 13\r\n\
    Accept-Encoding: gzip, deflate, br, zstd\r\n\
    Accept-Language: en-GB,en;q=0.9\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n";

/// A request is read, examined and accepted, and the answer is spelled.
pub(crate) struct Handshake {
    origins: OriginPolicy,
}

impl Handshake {
    pub(crate) fn new() -> Self {
        Self { origins: OriginPolicy::same_host() }
    }
}

impl Work for Handshake {
    fn run(&mut self) {
        let mut reader = RequestReader::new(HandshakeLimits::default());
        let head = reader.receive(black_box(REQUEST)).expect("it breaks no rule");
        let (request, _) = head.expect("it is complete");
        let offered = examine(&request, &self.origins).expect("it asks for a WebSocket");
        black_box(offered.switch(&Choice::default()).expect("nothing was chosen"));
    }
}
