//! Requests that become no WebSocket under axum, and what they are told.

use crate::support::{ask, echo, instead_of, serve, with};
use axum::{Router, body::Body, http::Request, response::Response, routing::any};
use tower::ServiceExt;
use wharf::axum::WebSocketUpgrade;

fn app() -> Router {
    async fn chat(upgrade: WebSocketUpgrade) -> Response {
        upgrade.on_upgrade(echo)
    }
    Router::new().route("/chat", any(chat))
}

/// RFC 6455 §4.2.1 and §4.4, RFC 9110 §15.5.22: each with its status and what the client should do instead.
#[tokio::test]
async fn each_fault_has_its_status() {
    let address = serve(app()).await;
    let upgrade = &["upgrade: websocket", "connection: upgrade", "sec-websocket-version: 13"];
    let cases: [(String, u16, &[&str]); 10] = [
        (instead_of("Upgrade:", None), 426, upgrade),
        (instead_of("Upgrade:", Some("Upgrade: h2c")), 426, upgrade),
        (instead_of("Sec-WebSocket-Version", Some("Sec-WebSocket-Version: 8")), 426, upgrade),
        (instead_of("Connection", None), 400, &[]),
        (instead_of("Sec-WebSocket-Key", None), 400, &[]),
        (instead_of("Sec-WebSocket-Key", Some("Sec-WebSocket-Key: short")), 400, &[]),
        (with(&["Sec-WebSocket-Protocol: a, a"]), 400, &[]),
        (instead_of("GET", Some("POST /chat HTTP/1.1")), 405, &["allow: get"]),
        (instead_of("GET", Some("GET /chat HTTP/1.0")), 505, &[]),
        (with(&["Origin: http://evil.example"]), 403, &[]),
    ];
    for (request, expected, headers) in cases {
        let (status, lines) = ask(address, &request).await;
        assert_eq!(status, expected, "{request}");
        for header in headers {
            assert!(lines.iter().any(|line| line == header), "{header} is not in {lines:?}");
        }
    }
}

/// A head that is too big never comes as far as wharf: hyper tells it 431.
#[tokio::test]
async fn a_head_that_is_too_big_is_told_431() {
    let many: Vec<String> = (0..200).map(|at| format!("X-{at}: 1")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(ask(serve(app()).await, &with(&many)).await.0, 431);
}

async fn status(request: Request<Body>) -> (u16, String) {
    let response = app().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1024).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// RFC 8441 is not served, and that is said.
#[tokio::test]
async fn a_request_in_http2_is_told_505() {
    for method in ["CONNECT", "GET"] {
        let request = Request::builder().method(method).uri("http://example.com/chat");
        let request = request.version(http::Version::HTTP_2).body(Body::empty()).unwrap();
        let (status, body) = status(request).await;
        assert_eq!(status, 505, "{method}");
        assert!(body.contains("HTTP/1.1"), "{body}");
    }
}

#[tokio::test]
async fn a_good_request_without_a_connection_is_told_500() {
    let mut request = Request::builder().uri("/chat");
    for line in with(&[]).lines().skip(1).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    assert_eq!(status(request.body(Body::empty()).unwrap()).await.0, 500);
}
