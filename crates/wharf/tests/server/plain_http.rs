//! Requests for something else than a WebSocket.

use super::support::{lines, pipe, refused};
use http::{Request, Response, StatusCode};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::Instant,
};
use wharf::{AcceptError, Acceptor, Bytes};

fn page(request: &Request<()>) -> Response<Bytes> {
    let body = format!("this is {}", request.uri().path());
    Response::builder().header("content-type", "text/plain").body(body.into()).unwrap()
}

fn with_page() -> Acceptor {
    Acceptor::builder().fallback(page).build()
}

/// RFC 9110 §15.5.22: checklist 33.
#[tokio::test]
async fn a_plain_request_is_told_to_upgrade() {
    let (error, answer) =
        refused(&Acceptor::default(), "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n").await;
    assert!(matches!(error, AcceptError::Plain(StatusCode::UPGRADE_REQUIRED)), "{error:?}");
    let expected = [
        "HTTP/1.1 426 Upgrade Required",
        "content-type: text/plain; charset=utf-8",
        "upgrade: websocket",
        "sec-websocket-version: 13",
        "connection: close, upgrade",
    ];
    assert_eq!(lines(&answer), expected);
}

/// Checklist 38.
#[tokio::test]
async fn the_fallback_answers_plain_requests() {
    let (error, answer) =
        refused(&with_page(), "GET /page HTTP/1.1\r\nHost: example.com\r\n\r\n").await;
    assert!(matches!(error, AcceptError::Plain(StatusCode::OK)), "{error:?}");
    assert_eq!(
        answer,
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: 13\r\n\r\nthis is /page"
    );
}

/// RFC 9110 §9.3.2.
#[tokio::test]
async fn head_gets_the_head_of_the_page() {
    let (_, answer) =
        refused(&with_page(), "HEAD /page HTTP/1.1\r\nHost: example.com\r\n\r\n").await;
    assert!(answer.ends_with("content-length: 13\r\n\r\n"), "{answer}");
}

/// A request that wants a WebSocket and breaks a rule is never the fallback's.
#[tokio::test]
async fn the_fallback_sees_no_broken_upgrade() {
    let broken = "GET / HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\n\r\n";
    let (error, answer) = refused(&with_page(), broken).await;
    assert!(matches!(error, AcceptError::Request(_)), "{error:?}");
    assert_eq!(lines(&answer)[0], "HTTP/1.1 400 Bad Request");
}

/// RFC 9112 §9.6: checklist 89. Unread bytes of a body must not turn into a reset that eats the answer.
#[tokio::test]
async fn the_answer_to_a_request_with_a_body_arrives_whole() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    let acceptor = with_page();
    let upload = "POST /up HTTP/1.1\r\nHost: example.com\r\nContent-Length: 20000\r\n\r\n";
    let talk = async {
        client.write_all(upload.as_bytes()).await.unwrap();
        let mut answer = String::from(char::from(client.read_u8().await.unwrap()));
        for _ in 0..20 {
            client.write_all(&[b'x'; 1000]).await.unwrap(); // after a reset this would fail
        }
        client.read_to_string(&mut answer).await.unwrap();
        drop(client);
        answer
    };
    let (_, answer) = tokio::join!(acceptor.accept(stream), talk);
    assert!(answer.ends_with("this is /up"), "{answer}");
}

/// Checklist 89: who goes on talking after the answer is cut.
#[tokio::test(start_paused = true)]
async fn a_client_that_never_stops_talking_is_cut() {
    let (mut client, server) = pipe();
    let flood = async {
        client.write_all(b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n").await.unwrap();
        while client.write_all(&[b'x'; 4096]).await.is_ok() {}
    };
    let acceptor = with_page();
    let (outcome, ()) = tokio::join!(acceptor.accept(server), flood);
    outcome.unwrap_err();
}

/// Checklist 89: who has the answer and does not go is cut after two seconds.
#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_go_is_cut() {
    let (mut client, server) = pipe();
    client.write_all(b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n").await.unwrap();
    let start = Instant::now();
    with_page().accept(server).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::from_secs(2));
}
