//! What the client makes of answers.

use crate::peer::{Head, answering, failure, outcome, read_head};
use std::time::Duration;
use tokio::{
    io::{AsyncWriteExt, duplex},
    time::{Instant, sleep},
};
use wharf::{Client, Stage};

/// "hello" in one unmasked text frame (RFC 6455 §5.7).
const HELLO: &[u8] = b"\x81\x05hello";

fn bytes(text: &str) -> Vec<u8> {
    text.into()
}

/// RFC 6455 §4.1.
#[tokio::test]
async fn the_headers_of_the_answer_are_there_for_who_asks() {
    let (io, _server) = answering(|head| head.switch(&["X-Node: 7"]).into());
    let connecting = Client::default().connect_over(io, "ws://h/");
    let (_socket, response) = connecting.with_response().await.unwrap();
    assert_eq!(response.status(), 101);
    assert_eq!(response.headers()["x-node"], "7");
}

/// Checklist 29.
#[tokio::test]
async fn frames_that_come_with_the_answer_are_received() {
    let mut socket =
        outcome(&Client::default(), |head| [head.switch(&[]).as_bytes(), HELLO].concat())
            .await
            .unwrap();
    let message = socket.recv().await.unwrap().unwrap();
    assert_eq!(message.as_text(), Some("hello"));
}

/// Checklist 29.
#[tokio::test]
async fn an_answer_may_come_byte_by_byte() {
    let (near, mut far) = duplex(1);
    let server = async {
        let head = read_head(&mut far).await;
        let answer = [head.switch(&[]).as_bytes(), HELLO].concat();
        far.write_all(&answer).await.unwrap();
    };
    let client = async {
        let mut socket = Client::default().connect_over(near, "ws://h/").await.unwrap();
        socket.recv().await.unwrap().unwrap()
    };
    let (message, ()) = tokio::join!(client, server);
    assert_eq!(message.as_text(), Some("hello"));
}

/// RFC 6455 §4.1; checklist 24.
#[tokio::test]
async fn an_answer_to_another_key_is_refused() {
    let error = failure(|head| {
        let own = head.switch(&[]);
        let (start, _) = own.split_once("Sec-WebSocket-Accept").unwrap();
        bytes(&format!("{start}Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"))
    })
    .await;
    assert_eq!(error.stage(), Stage::Upgrade);
    assert!(error.to_string().contains("Sec-WebSocket-Accept"), "{error}");
    assert!(!error.is_refused());
}

/// RFC 6455 §4.1; checklist 9, 20.
#[tokio::test]
async fn a_refusal_gives_status_headers_and_body() {
    let error = failure(|_| {
        bytes("HTTP/1.1 404 Not Found\r\nX-Why: gone\r\nContent-Length: 7\r\n\r\nno chat")
    })
    .await;
    let response = error.response().unwrap();
    assert_eq!((response.status().as_u16(), error.stage()), (404, Stage::Upgrade));
    assert_eq!(response.headers()["x-why"], "gone");
    assert_eq!(response.body(), "no chat");
    assert_eq!(
        error.to_string(),
        "example.com:80 answered 404 Not Found instead of 101 Switching Protocols (RFC 6455 §4.1)"
    );
}

/// RFC 6455 §4.1; checklist 20.
#[tokio::test]
async fn a_redirect_is_a_refusal_that_is_not_followed() {
    let error = failure(|_| {
        bytes("HTTP/1.1 302 Found\r\nLocation: ws://other/\r\nContent-Length: 0\r\n\r\n")
    })
    .await;
    let response = error.response().unwrap();
    assert_eq!((response.status().as_u16(), response.body().len()), (302, 0));
    assert_eq!(response.headers()["location"], "ws://other/");
}

/// RFC 6455 §4.1; checklist 20.
#[tokio::test]
async fn success_of_another_kind_is_a_refusal() {
    let error = failure(|_| bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")).await;
    assert_eq!(error.response().unwrap().status(), 200);
}

/// Checklist 20, 28.
#[tokio::test]
async fn the_body_of_a_refusal_is_cut_at_64_kib() {
    let error = failure(|_| {
        let body = vec![b'x'; 100_000];
        [b"HTTP/1.1 500 Oops\r\nContent-Length: 100000\r\n\r\n", &*body].concat()
    })
    .await;
    assert_eq!(error.response().unwrap().body().len(), 64 << 10);
}

/// Checklist 10, 20: status and headers do not wait for a body that does not end.
#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_left_out() {
    let start = Instant::now();
    let error = failure(|_| bytes("HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\nhalf")).await;
    assert_eq!(error.response().unwrap().body(), "half");
    assert_eq!(start.elapsed(), Duration::from_secs(2));
}

/// Checklist 10, 28: a body that goes on and on is not waited for as long as it comes, and its stream is closed.
#[tokio::test(start_paused = true)]
async fn a_body_may_not_trickle_for_ever() {
    let (near, mut far) = duplex(1 << 10);
    let server = async {
        read_head(&mut far).await;
        let mut written = far.write_all(b"HTTP/1.1 403 No\r\n\r\n").await;
        while written.is_ok() {
            sleep(Duration::from_millis(300)).await;
            written = far.write_all(b"x").await;
        }
    };
    let start = Instant::now();
    let client = async { Client::default().connect_over(near, "ws://h/").await.unwrap_err() };
    let (error, ()) = tokio::join!(client, server);
    assert_eq!((error.stage(), error.response().unwrap().body().len()), (Stage::Upgrade, 6));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

/// Checklist 28.
#[tokio::test]
async fn headers_without_end_are_cut_off() {
    for (line, limit) in [("A: b\r\n".repeat(200), "100"), ("a".repeat(9_000), "8192")] {
        let error = failure(move |_| bytes(&format!("HTTP/1.1 101 X\r\n{line}"))).await;
        assert_eq!(error.stage(), Stage::Upgrade);
        assert!(error.to_string().contains(limit), "{error}");
    }
}

/// Checklist 9, 30.
#[tokio::test]
async fn what_is_not_http_is_told_from_a_refusal() {
    for answer in ["SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 101 X\nA: b\n\n", "HTTP/2 200\r\n\r\n"] {
        let error = failure(move |_| bytes(answer)).await;
        assert_eq!((error.stage(), error.is_refused()), (Stage::Upgrade, false), "{error}");
    }
}

async fn after_an_early_end(answer: &'static str) -> String {
    let (near, mut far) = duplex(1 << 10);
    let server = async move {
        read_head(&mut far).await;
        far.write_all(answer.as_bytes()).await.unwrap();
    };
    let (outcome, ()) = tokio::join!(Client::default().connect_over(near, "ws://h/"), server);
    outcome.expect_err("no connection").to_string()
}

/// Checklist 9.
#[tokio::test]
async fn a_server_that_leaves_early_is_told_with_how_far_it_came() {
    assert!(after_an_early_end("").await.contains("0 bytes into"));
    assert!(after_an_early_end("HTTP/1.1 101").await.contains("12 bytes into"));
}

/// A proxy may answer without reading on, and leave.
#[tokio::test]
async fn an_answer_counts_even_if_the_request_could_not_be_sent_whole() {
    let (near, mut far) = duplex(64);
    far.write_all(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    drop(far);
    let error = Client::default().connect_over(near, "ws://h/").await.unwrap_err();
    assert_eq!(error.response().unwrap().status(), 503);
}

fn choosing(line: &'static str) -> impl FnOnce(&Head) -> Vec<u8> {
    move |head| head.switch(&[line]).into()
}

/// RFC 6455 §4.1; checklist 26, 27.
#[tokio::test]
async fn the_choice_of_a_subprotocol_is_checked() {
    let offering = Client::builder().subprotocols(["v2", "v1"]).unwrap();
    let lenient = offering.clone().build();
    let socket = outcome(&lenient, choosing("Sec-WebSocket-Protocol: v1")).await.unwrap();
    assert_eq!(socket.subprotocol(), Some("v1"));
    assert!(outcome(&lenient, choosing("X: y")).await.unwrap().subprotocol().is_none());
    assert!(outcome(&lenient, choosing("Sec-WebSocket-Protocol: V1")).await.is_err());

    let strict = offering.require_subprotocol().build();
    let error = outcome(&strict, choosing("X: y")).await.unwrap_err();
    assert!(error.to_string().contains("subprotocol"), "{error}");
}

/// RFC 6455 §4.1; checklist 25.
#[cfg(feature = "deflate")]
#[tokio::test]
async fn an_extension_is_agreed_only_if_it_was_offered() {
    let agreeing = || choosing("Sec-WebSocket-Extensions: permessage-deflate");
    let socket = outcome(&Client::default(), agreeing()).await.unwrap();
    assert!(socket.agreement().deflate.is_some());
    let plain = Client::builder().deflate(None).build();
    let error = outcome(&plain, agreeing()).await.unwrap_err();
    assert!(error.to_string().contains("permessage-deflate"), "{error}");
}
