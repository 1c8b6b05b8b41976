//! What the acceptor makes of a request.

use super::support::{SWITCH, expect, good, instead_of, lines, masked, pipe, refused, seen, with};
use http::{HeaderName, HeaderValue, StatusCode};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, duplex},
    time::timeout,
};
use wharf::{Accept, AcceptError, AcceptStage, Acceptor, Message, OriginPolicy, Subprotocol};

fn names(names: &[&str]) -> Vec<Subprotocol> {
    names.iter().map(|name| Subprotocol::new(*name).unwrap()).collect()
}

async fn assert_accepted(request: &str) {
    let (request, mut client) = seen(&Acceptor::default(), request).await;
    request.accept().await.unwrap();
    expect(&mut client, SWITCH).await;
}

/// RFC 6455 §4.2.2: checklist 42.
#[tokio::test]
async fn a_good_request_is_answered_with_exactly_what_the_rfc_asks_for() {
    assert_accepted(&good()).await;
}

/// RFC 6455 §4.1: checklist 36. The sample of the RFC has bits set behind its last byte.
#[tokio::test]
async fn the_sample_key_of_the_rfc_is_a_key() {
    let request =
        instead_of("Sec-WebSocket-Key", Some("Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC=="));
    let (request, mut client) = seen(&Acceptor::default(), &request).await;
    request.accept().await.unwrap();
    expect(&mut client, "HTTP/1.1 101").await;
}

/// RFC 6455 §4.2.1, items 3 and 4: checklist 33, checklist 34.
#[tokio::test]
async fn upgrade_and_connection_are_lists_in_any_case_over_any_lines() {
    for request in [
        instead_of("Connection", Some("Connection: keep-alive, Upgrade")),
        instead_of("Connection", Some("connection: keep-alive\r\nCONNECTION: UPGRADE")),
        instead_of("Upgrade", Some("Upgrade: h2c, WebSocket")),
        instead_of("Upgrade", Some("upgrade: h2c\r\nUpgrade: WEBSOCKET")),
    ] {
        assert_accepted(&request).await;
    }
}

/// Checklist 45: a good request that comes byte by byte is a good request.
#[tokio::test]
async fn a_request_may_come_in_pieces() {
    let (mut client, server) = duplex(1);
    let request = good();
    let acceptor = Acceptor::default();
    let (request, sent) =
        tokio::join!(acceptor.accept(server), client.write_all(request.as_bytes()));
    sent.unwrap();
    let (socket, ()) = tokio::join!(request.unwrap().accept(), expect(&mut client, SWITCH));
    socket.unwrap();
}

/// RFC 6455 §4.2.2: checklist 47, checklist 29.
#[tokio::test]
async fn bytes_behind_the_request_are_the_first_frames() {
    let (mut client, server) = pipe();
    let hello = [good().as_bytes(), &masked(1, b"hello")].concat();
    client.write_all(&hello).await.unwrap();
    let request = Acceptor::default().accept(server).await.unwrap();
    client.write_all(&masked(1, b"again")).await.unwrap();
    let mut socket = request.accept().await.unwrap();
    assert_eq!(socket.recv().await.unwrap(), Some(Message::from("hello")));
    assert_eq!(socket.recv().await.unwrap(), Some(Message::from("again")));
}

/// Checklist 47: while the application makes up its mind, the peer cannot fill our memory.
#[tokio::test(start_paused = true)]
async fn an_undecided_request_takes_in_nothing_more() {
    let (mut client, server) = duplex(1024);
    client.write_all(good().as_bytes()).await.unwrap();
    let _undecided = Acceptor::default().accept(server).await.unwrap();
    let flood = client.write_all(&[0; 64 << 10]);
    timeout(Duration::from_secs(3600), flood).await.expect_err("nobody reads it");
}

/// RFC 6455 §4.2.1 and §4.4: checklist 31, checklist 32, checklist 33, checklist 34, checklist 35,
/// checklist 37, checklist 43, checklist 46.
#[tokio::test]
async fn each_broken_rule_has_its_status() {
    let plain = "content-type: text/plain; charset=utf-8";
    let bad = ["HTTP/1.1 400 Bad Request", plain, "connection: close"].to_vec();
    let version = [
        "HTTP/1.1 426 Upgrade Required",
        plain,
        "upgrade: websocket",
        "sec-websocket-version: 13",
        "connection: close, upgrade",
    ]
    .to_vec();
    let table = [
        (
            instead_of("GET", Some("POST /chat HTTP/1.1")),
            ["HTTP/1.1 405 Method Not Allowed", plain, "allow: GET", "connection: close"].to_vec(),
        ),
        (
            instead_of("GET", Some("GET /chat HTTP/1.0")),
            ["HTTP/1.1 505 HTTP Version Not Supported", plain, "connection: close"].to_vec(),
        ),
        (
            instead_of("GET", Some("GET /chat HTTP/2.0")),
            ["HTTP/1.1 505 HTTP Version Not Supported", plain, "connection: close"].to_vec(),
        ),
        (instead_of("GET", Some("GET  HTTP/1.1")), bad.clone()),
        (instead_of("Host", None), bad.clone()),
        (with("Host: example.org"), bad.clone()),
        (instead_of("Connection", None), bad.clone()),
        (instead_of("Connection", Some("Connection: close")), bad.clone()),
        (instead_of("Sec-WebSocket-Key", None), bad.clone()),
        (instead_of("Sec-WebSocket-Key", Some("Sec-WebSocket-Key: c2hvcnQ=")), bad.clone()),
        (
            instead_of("Sec-WebSocket-Key", Some("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ!==")),
            bad.clone(),
        ),
        (with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), bad.clone()),
        (instead_of("Sec-WebSocket-Version", None), version.clone()),
        (instead_of("Sec-WebSocket-Version", Some("Sec-WebSocket-Version: 0")), version.clone()),
        (instead_of("Sec-WebSocket-Version", Some("Sec-WebSocket-Version: 8")), version.clone()),
        (instead_of("Sec-WebSocket-Version", Some("Sec-WebSocket-Version: 013")), version.clone()),
        (
            instead_of("Sec-WebSocket-Version", Some("Sec-WebSocket-Version: 13, 8")),
            version.clone(),
        ),
        (with("Sec-WebSocket-Version: 13"), version),
        (with("Sec-WebSocket-Protocol: chat, , bad name"), bad.clone()),
        (with("Sec-WebSocket-Extensions: ;;;="), bad.clone()),
        (with("Content-Length: 5"), bad.clone()),
        (with("Transfer-Encoding: chunked"), bad.clone()),
        (with(" folded: yes"), bad.clone()),
        (with("no colon"), bad.clone()),
        (good().replace("\r\n", "\n"), bad),
    ];
    for (request, expected) in table {
        let (error, answer) = refused(&Acceptor::default(), &request).await;
        assert!(matches!(error, AcceptError::Request(_)), "{request}{error:?}");
        assert_eq!(lines(&answer), expected, "{request}");
        assert!(answer.contains("RFC "), "{request}{answer}");
    }
}

/// RFC 9110 §15.5.15, RFC 6585 §5: checklist 45.
#[tokio::test]
async fn a_head_beyond_its_limits_is_told_so() {
    let long = "a".repeat(9 << 10);
    let target = instead_of("GET", Some(&format!("GET /{long} HTTP/1.1")));
    let many = with(&vec!["X: y"; 200].join("\r\n"));
    for (request, expected) in [
        (target, "HTTP/1.1 414 URI Too Long"),
        (with(&format!("X: {long}")), "HTTP/1.1 431 Request Header Fields Too Large"),
        (many, "HTTP/1.1 431 Request Header Fields Too Large"),
    ] {
        let (_, answer) = refused(&Acceptor::default(), &request).await;
        assert_eq!(lines(&answer)[0], expected);
    }
}

/// RFC 6455 §10.2: checklist 39.
#[tokio::test]
async fn a_foreign_page_is_refused_unless_the_policy_says_otherwise() {
    for origin in ["https://evil.example", "https://example.com.evil.example", "null"] {
        let (error, answer) =
            refused(&Acceptor::default(), &with(&format!("Origin: {origin}"))).await;
        assert!(matches!(error, AcceptError::Request(_)), "{error:?}");
        assert_eq!(lines(&answer)[0], "HTTP/1.1 403 Forbidden", "{origin}");
    }
    assert_accepted(&with("Origin: http://EXAMPLE.com")).await;
    let open = Acceptor::builder().origins(OriginPolicy::dangerously_allow_any_origin()).build();
    let (request, _client) = seen(&open, &with("Origin: https://evil.example")).await;
    assert_eq!(request.origin(), Some("https://evil.example"));
}

/// Checklist 40: patterns end where labels end.
#[tokio::test]
async fn a_pattern_of_origins_matches_whole_labels() {
    let policy = OriginPolicy::only(["https://*.example.com"]).unwrap();
    let acceptor = Acceptor::builder().origins(policy).build();
    seen(&acceptor, &with("Origin: https://a.example.com")).await;
    let (_, answer) = refused(&acceptor, &with("Origin: https://evilexample.com")).await;
    assert_eq!(lines(&answer)[0], "HTTP/1.1 403 Forbidden");
}

/// RFC 6455 §4.2.2, item 5: checklist 41.
#[tokio::test]
async fn the_servers_preference_chooses_the_subprotocol() {
    let accept = Accept::new().subprotocols(names(&["b", "a"]));
    let acceptor = Acceptor::builder().accept(accept).build();
    let (request, mut client) = seen(&acceptor, &with("Sec-WebSocket-Protocol: a, b, c")).await;
    assert_eq!(request.subprotocols(), names(&["a", "b", "c"]));
    let socket = request.accept().await.unwrap();
    assert_eq!(socket.subprotocol(), Some("b"));
    let end = "\r\n\r\n";
    expect(&mut client, SWITCH.replace(end, "\r\nsec-websocket-protocol: b\r\n\r\n")).await;
}

/// RFC 6455 §4.2.2, item 5: checklist 41. No header at all, rather than an empty one or the first offered.
#[tokio::test]
async fn no_subprotocol_is_agreed_where_the_application_wants_none() {
    assert_accepted(&with("Sec-WebSocket-Protocol: a, b")).await;
}

/// RFC 6455 §4.2.2: checklist 41.
#[tokio::test]
async fn a_subprotocol_that_was_not_offered_cannot_be_chosen() {
    let (request, mut client) =
        seen(&Acceptor::default(), &with("Sec-WebSocket-Protocol: a")).await;
    let accept = Accept::new().subprotocol(Subprotocol::new("b").unwrap());
    let client = async {
        expect(&mut client, "HTTP/1.1 500 Internal Server Error\r\n").await;
        drop(client);
    };
    let (outcome, ()) = tokio::join!(request.accept_with(accept), client);
    assert!(matches!(outcome.unwrap_err(), AcceptError::Answer(_)));
}

/// RFC 7692 §5: checklist 44. What cannot be accepted is declined, and the first that can be wins.
#[cfg(feature = "deflate")]
#[tokio::test]
async fn deflate_is_agreed_on_when_asked_for_by_both() {
    let accept = Accept::new().deflate(wharf::Deflate::SERVER);
    let acceptor = Acceptor::builder().accept(accept).build();
    let agreed = "\r\nsec-websocket-extensions: permessage-deflate";
    for (offer, agrees) in [
        ("permessage-deflate; client_max_window_bits", true),
        ("permessage-deflate; server_max_window_bits=99, permessage-deflate", true),
        ("permessage-deflate; server_max_window_bits=99", false),
        ("x-unknown", false),
    ] {
        let line = format!("Sec-WebSocket-Extensions: {offer}");
        let (request, mut client) = seen(&acceptor, &with(&line)).await;
        let socket = request.accept().await.unwrap();
        assert_eq!(socket.agreement().deflate.is_some(), agrees, "{offer}");
        let mut head = vec![0; 2048];
        let length = client.read(&mut head).await.unwrap();
        let head = String::from_utf8_lossy(&head[..length]).into_owned();
        assert_eq!(head.contains(agreed), agrees, "{offer}: {head}");
    }
}

/// Checklist 38, checklist 42: the application adds headers, but none of the handshake's.
#[tokio::test]
async fn the_switch_carries_the_applications_headers() {
    let cookie = (HeaderName::from_static("set-cookie"), HeaderValue::from_static("a=b"));
    let accept = Accept::new().header(cookie.0, cookie.1).unwrap();
    let (request, mut client) = seen(&Acceptor::default(), &good()).await;
    request.accept_with(accept).await.unwrap();
    expect(&mut client, SWITCH.replace("\r\n\r\n", "\r\nset-cookie: a=b\r\n\r\n")).await;
    let reserved = HeaderName::from_static("sec-websocket-accept");
    Accept::new().header(reserved, HeaderValue::from_static("x")).unwrap_err();
}

/// RFC 6455 §4.2.2: checklist 38.
#[tokio::test]
async fn the_application_refuses_with_any_status_headers_and_body() {
    let (request, mut client) = seen(&Acceptor::default(), &good()).await;
    assert_eq!(request.uri().path(), "/chat");
    let response = http::Response::builder()
        .status(StatusCode::NOT_FOUND)
        .header("x-why", "no such room")
        .body("nothing here".into())
        .unwrap();
    let client = async {
        expect(
            &mut client,
            "HTTP/1.1 404 Not Found\r\nx-why: no such room\r\nconnection: close\r\ncontent-length: 12\r\n\r\nnothing here",
        )
        .await;
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0, "the end of the stream");
        drop(client);
    };
    let (outcome, ()) = tokio::join!(request.refuse(response), client);
    outcome.unwrap();
}

/// RFC 9110 §15.2: a client that gets a 1xx waits for more.
#[tokio::test]
async fn a_refusal_is_final_even_if_the_application_says_101() {
    let (request, mut client) = seen(&Acceptor::default(), &good()).await;
    let response = http::Response::builder().status(101).body("".into()).unwrap();
    let client = async {
        expect(&mut client, "HTTP/1.1 500 Internal Server Error\r\n").await;
        drop(client);
    };
    let (outcome, ()) = tokio::join!(request.refuse(response), client);
    outcome.unwrap();
}

/// Checklist 48.
#[tokio::test]
async fn a_client_that_left_gets_no_switch() {
    let (request, mut client) = seen(&Acceptor::default(), &good()).await;
    client.shutdown().await.unwrap();
    let error = request.accept().await.unwrap_err();
    assert!(matches!(error, AcceptError::Left(AcceptStage::Answer)), "{error:?}");
    assert_eq!(client.read(&mut [0]).await.unwrap(), 0, "nothing was written");
}
