//! What a client leaves to its caller, and what it never does by itself.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, duplex},
    net::{TcpListener, TcpStream},
};
use wharf::{Agreement, Bytes, Config, Role, Stage, WebSocket};

const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

/// The first line of the next request, and its stream.
async fn asked(listener: &TcpListener) -> (String, TcpStream) {
    let (mut io, _) = listener.accept().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        assert_ne!(io.read_buf(&mut head).await.unwrap(), 0, "the client left");
    }
    (String::from_utf8(head).unwrap().lines().next().unwrap().to_owned(), io)
}

async fn listening() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// RFC 6455 §4.1, item 2; checklist 7: one attempt at a time is the caller's part, as the docs of `Client`
/// say. Two at once are both asked before either is answered.
#[tokio::test]
async fn attempts_at_one_address_do_not_wait_for_each_other() {
    let (listener, address) = listening().await;
    let server = async {
        let (mut one, mut two) = (asked(&listener).await.1, asked(&listener).await.1);
        one.write_all(BUSY).await.unwrap();
        two.write_all(BUSY).await.unwrap();
        (one, two)
    };
    let url = format!("ws://{address}/");
    let (one, two, _) = tokio::join!(wharf::connect(&url), wharf::connect(&url), server);
    assert!(one.unwrap_err().is_refused());
    assert!(two.unwrap_err().is_refused());
}

/// RFC 6455 §7.2.3; checklist 95: this client makes one attempt. It never comes back by itself, so it can
/// overrun nobody; when and whether to try again is the caller's.
#[tokio::test]
async fn an_attempt_that_failed_is_not_repeated() {
    let (listener, address) = listening().await;
    let server = async {
        let (first, mut io) = asked(&listener).await;
        io.write_all(BUSY).await.unwrap();
        let (second, mut io) = asked(&listener).await;
        io.write_all(BUSY).await.unwrap();
        (first, second)
    };
    let client = async {
        for path in ["one", "two"] {
            wharf::connect(format!("ws://{address}/{path}")).await.unwrap_err();
        }
    };
    let ((first, second), ()) = tokio::join!(server, client);
    assert_eq!([first.as_str(), &second], ["GET /one HTTP/1.1", "GET /two HTTP/1.1"]);
}

/// WHATWG WebSockets §4; checklist 96: there is no profile for untrusted scripts. The error is for the
/// program itself, and tells it why.
#[tokio::test]
async fn an_error_tells_its_program_which_stage_failed_and_why() {
    let error = wharf::connect("ws://127.0.0.1:1/").await.unwrap_err();
    assert_eq!(error.stage(), Stage::Connect);
    assert!(error.to_string().contains("127.0.0.1:1"), "{error}");
}

/// RFC 6455 §10.3; checklist 52: each connection seeds its masking keys anew from the system.
#[tokio::test]
async fn two_connections_mask_with_different_keys() {
    let mut keys = Vec::new();
    for _ in 0..2 {
        let (near, mut far) = duplex(1024);
        let (agreement, config) = (Agreement::default(), Config::new(Role::Client));
        let mut client =
            WebSocket::over(near, Role::Client, agreement, Bytes::new(), config).unwrap();
        client.send("sixteen bytes, !").await.unwrap();
        client.send("sixteen bytes, !").await.unwrap();
        let mut frames = [0; 2 * (2 + 4 + 16)];
        far.read_exact(&mut frames).await.unwrap();
        keys.push([frames[2..6].to_vec(), frames[24..28].to_vec()].concat());
    }
    assert_ne!(keys[0], keys[1]);
}
