//! What the client asks.

use crate::peer::{Head, answering, read_head};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, duplex},
    time::timeout,
};
use wharf::Client;

async fn asked(client: &Client, url: &str) -> Head {
    let (io, server) = answering(|head| head.switch(&[]).into());
    client.connect_over(io, url).await.expect("the server agrees");
    server.await.unwrap()
}

/// RFC 6455 §4.1; checklist 3, 4, 11, 12, 14.
#[tokio::test]
async fn a_request_is_a_get_with_each_header_of_the_handshake_once() {
    let head = asked(&Client::default(), "ws://Example.com:81/a%20b?c=d").await;
    assert!(head.text().starts_with("GET /a%20b?c=d HTTP/1.1\r\n"), "{head:?}");
    assert_eq!(head.values("host"), ["example.com:81"]);
    assert_eq!(head.values("upgrade"), ["websocket"]);
    assert_eq!(head.values("connection"), ["Upgrade"]);
    assert_eq!(head.values("sec-websocket-version"), ["13"]);
    assert_eq!(head.values("sec-websocket-key").len(), 1);
}

/// RFC 6455 §4.1; checklist 13.
#[tokio::test]
async fn every_attempt_has_a_key_of_its_own() {
    let client = Client::default();
    let first = asked(&client, "ws://h/").await;
    let second = asked(&client, "ws://h/").await;
    assert_ne!(first.key(), second.key());
}

/// RFC 6455 §4.1; checklist 18.
#[tokio::test]
async fn an_origin_is_sent_only_on_request() {
    let head = asked(&Client::default(), "ws://h/").await;
    assert!(head.values("origin").is_empty());
    let client = Client::builder().origin("https://example.com").unwrap().build();
    assert_eq!(asked(&client, "ws://h/").await.values("origin"), ["https://example.com"]);
}

#[tokio::test]
async fn headers_and_subprotocols_of_the_user_are_sent() {
    let client = Client::builder()
        .header("x-tag", "a")
        .and_then(|builder| builder.header("x-tag", "b"))
        .and_then(|builder| builder.subprotocols(["v2", "v1"]))
        .unwrap()
        .build();
    let head = asked(&client, "ws://h/").await;
    assert_eq!(head.values("x-tag"), ["a", "b"]);
    assert_eq!(head.values("sec-websocket-protocol"), ["v2, v1"]);
}

/// RFC 6455 §4.1; checklist 19.
#[tokio::test(start_paused = true)]
async fn nothing_follows_the_request_until_the_answer_is_there() {
    let (near, mut far) = duplex(1 << 10);
    let client = tokio::spawn(Client::default().connect_over(near, "ws://h/"));
    read_head(&mut far).await;
    let silence = timeout(Duration::from_secs(5), far.read_u8()).await;
    assert!(silence.is_err(), "the client sent {silence:?}");
    client.abort();
}

/// RFC 7692 §5.
#[cfg(feature = "deflate")]
#[tokio::test]
async fn compression_is_offered_unless_it_is_switched_off() {
    let head = asked(&Client::default(), "ws://h/").await;
    let offers = head.values("sec-websocket-extensions");
    assert_eq!(offers, ["permessage-deflate; client_max_window_bits"]);
    let plain = Client::builder().deflate(None).build();
    assert!(asked(&plain, "ws://h/").await.values("sec-websocket-extensions").is_empty());
}
