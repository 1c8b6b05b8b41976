//! A layer beside any service.

use crate::support::{ask, connect, echo, hears, instead_of, serve, with};
use axum::{Router, body::Body, routing::any};
use http::{Request, Response, StatusCode, request::Parts};
use std::{
    convert::Infallible,
    future::ready,
    io,
    task::{Context, Poll},
};
use tower::{Layer, Service, ServiceExt, service_fn};
use wharf::{Bytes, OriginPolicy, Role, hyper::Upgrade, hyper::Upgrader, tower::WebSocketLayer};

/// The service inside: it says what it was asked.
async fn inside(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let (head, body) = request.into_parts();
    let upgradable = head.extensions.get::<hyper::upgrade::OnUpgrade>().is_some();
    let body = axum::body::to_bytes(body, 1024).await.unwrap();
    let seen = format!("{} {} {upgradable} {}", head.method, head.uri, body.escape_ascii());
    let response = Response::builder().status(StatusCode::ACCEPTED).header("x-seen", seen);
    Ok(response.body(Body::empty()).unwrap())
}

async fn served(layer: WebSocketLayer) -> std::net::SocketAddr {
    let service = layer.layer(service_fn(inside));
    serve(Router::new().fallback_service(service)).await
}

fn seen(lines: &[String], what: &str) -> bool {
    lines.contains(&format!("x-seen: {what}"))
}

#[tokio::test]
async fn sockets_go_to_the_handler_and_everything_else_inside_as_it_is() {
    let address = served(WebSocketLayer::new(echo).at("/chat")).await;
    hears(&mut connect(address).await, "hello").await;
    let post = instead_of("GET", Some("POST /chat HTTP/1.1"));
    let post = post.replace("Upgrade: websocket", "Content-Length: 2") + "hi";
    let (status, lines) = ask(address, &post).await;
    assert_eq!(status, 202);
    assert!(seen(&lines, "post /chat false hi"), "{lines:?}");
    let (status, lines) = ask(address, &instead_of("GET", Some("GET /other HTTP/1.1"))).await;
    assert_eq!(status, 202);
    assert!(seen(&lines, "get /other true "), "{lines:?}");
}

/// RFC 6455 §10.2 and §4.2.1, but only where sockets are served.
#[tokio::test]
async fn a_bad_request_is_refused_where_sockets_are_served_and_nowhere_else() {
    let address = served(WebSocketLayer::new(echo).at("/chat")).await;
    let foreign = with(&["Origin: http://evil.example"]);
    assert_eq!(ask(address, &foreign).await.0, 403);
    assert_eq!(ask(address, &foreign.replace("/chat", "/other")).await.0, 202);
    assert_eq!(ask(address, &instead_of("Connection", None)).await.0, 400);

    let any = Upgrader::new().origins(OriginPolicy::dangerously_allow_any_origin());
    let address = served(WebSocketLayer::new(echo).upgrader(any)).await;
    assert_eq!(ask(address, &foreign).await.0, 101);
}

#[tokio::test]
async fn a_predicate_says_which_requests_are_for_the_handler() {
    let layer = WebSocketLayer::new(echo)
        .when(|uri, headers| uri.path().starts_with("/ch") && headers.contains_key("x-socket"));
    let address = served(layer).await;
    assert_eq!(ask(address, &with(&["X-Socket: 1"])).await.0, 101);
    assert_eq!(ask(address, &with(&[])).await.0, 202);
}

#[tokio::test]
async fn a_handler_of_requests_says_yes_or_no() {
    async fn answer(upgrade: Upgrade, head: Parts) -> Response<Bytes> {
        match head.uri.query() {
            Some("let-me-in") => upgrade.on_upgrade(echo),
            _ => {
                let mut no = Response::new(Bytes::from_static(b"who are you?"));
                *no.status_mut() = StatusCode::UNAUTHORIZED;
                no
            }
        }
    }
    let layer = WebSocketLayer::requests(answer);
    let app = Router::new().route("/chat", any(async || "page")).layer(layer);
    let address = serve(app).await;
    assert_eq!(ask(address, &with(&[])).await.0, 401);
    let asked = instead_of("GET", Some("GET /chat?let-me-in HTTP/1.1"));
    assert_eq!(ask(address, &asked).await.0, 101);
    assert_eq!(ask(address, &instead_of("Upgrade:", None)).await.0, 200);
}

/// RFC 8441 is not served: whoever is inside may do so.
#[tokio::test]
async fn http2_passes_inside() {
    let service = WebSocketLayer::new(echo).layer(service_fn(inside));
    let request = Request::builder().method("CONNECT").uri("http://example.com/chat");
    let request = request.version(http::Version::HTTP_2).body(Body::empty()).unwrap();
    assert_eq!(service.oneshot(request).await.unwrap().status(), 202);
}

#[tokio::test]
async fn errors_and_readiness_are_those_of_the_service_inside() {
    #[derive(Clone)]
    struct Broken;
    impl Service<Request<Role>> for Broken {
        type Response = Response<Bytes>;
        type Error = io::Error;
        type Future = std::future::Ready<Result<Response<Bytes>, io::Error>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Err(io::ErrorKind::ResourceBusy.into()))
        }
        fn call(&mut self, _: Request<Role>) -> Self::Future {
            ready(Err(io::ErrorKind::NotFound.into()))
        }
    }
    let mut service = WebSocketLayer::new(echo).layer(Broken);
    let unready = std::future::poll_fn(|cx| service.poll_ready(cx)).await.unwrap_err();
    assert_eq!(unready.kind(), io::ErrorKind::ResourceBusy);
    let error = service.call(Request::new(Role::Server)).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
}
