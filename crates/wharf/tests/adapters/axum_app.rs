//! What a handler of axum's can do with a request for a WebSocket.

use crate::support::{ask, connect, echo, hears, masked_text, read_head, serve, with};
use axum::{
    Extension, Router,
    extract::{ConnectInfo, RawQuery, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::any,
};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
};
use wharf::{
    Accept, Client, Config, OriginPolicy, Role, Subprotocol, WebSocket,
    axum::WebSocketUpgrade,
    hyper::{UpgradeError, Upgrader},
};

async fn chat(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(echo)
}

fn app() -> Router {
    Router::new().route("/chat", any(chat))
}

fn names(names: &[&str]) -> Vec<Subprotocol> {
    names.iter().map(|name| Subprotocol::new(*name).unwrap()).collect()
}

#[tokio::test]
async fn a_handler_echoes_and_the_end_is_clean() {
    let mut socket = connect(serve(app()).await).await;
    hears(&mut socket, "hello").await;
    assert!(socket.close(wharf::CloseCode::NORMAL).await.is_clean());
}

/// RFC 6455 §4.2.2: a client may send frames at once; here they come with the request.
#[tokio::test]
async fn frames_that_come_with_the_request_are_not_lost() {
    let mut stream = TcpStream::connect(serve(app()).await).await.unwrap();
    let asked = [with(&[]).as_bytes(), &masked_text("first"), &masked_text("second")].concat();
    stream.write_all(&asked).await.unwrap();
    assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 101 "));
    let mut frames = [0; 15];
    stream.read_exact(&mut frames).await.unwrap();
    assert_eq!(&frames, b"\x81\x05first\x81\x06second");
}

#[tokio::test]
async fn other_extractors_work_beside_it() {
    async fn tell(
        upgrade: WebSocketUpgrade,
        State(state): State<&'static str>,
        ConnectInfo(peer): ConnectInfo<SocketAddr>,
        RawQuery(query): RawQuery,
        uri: Uri,
        headers: HeaderMap,
    ) -> Response {
        let agent = headers["x-agent"].to_str().unwrap().to_owned();
        let room = query.unwrap();
        let what = format!("{state} {} {room} {} {agent}", peer.ip(), uri.path());
        upgrade.on_upgrade(async move |mut socket: WebSocket| socket.send(what).await)
    }
    let app = Router::new().route("/chat", any(tell)).with_state("state");
    let url = format!("ws://{}/chat?room=7", serve(app).await);
    let client = Client::builder().header("x-agent", "test").unwrap().build();
    let mut socket = client.connect(url).await.unwrap();
    let told = socket.recv().await.unwrap().unwrap();
    assert_eq!(told.as_text(), Some("state 127.0.0.1 room=7 /chat test"));
}

/// RFC 6455 §10.2.
#[tokio::test]
async fn pages_of_other_hosts_are_refused_unless_the_policy_knows_them() {
    let strict = serve(app()).await;
    let policy = OriginPolicy::only(["https://app.example"]).unwrap();
    let open = serve(app().layer(Extension(Upgrader::new().origins(policy)))).await;
    let own = "Origin: http://example.com";
    let app = "Origin: https://app.example";
    for (address, line, status) in [
        (strict, own, 101),
        (strict, app, 403),
        (strict, "X: no origin", 101),
        (open, own, 403),
        (open, app, 101),
    ] {
        assert_eq!(ask(address, &with(&[line])).await.0, status, "{line}");
    }
}

/// RFC 6455 §4.2.2: by the server's preference, from the upgrader's terms or from the handler's.
#[tokio::test]
async fn a_subprotocol_is_chosen_by_the_upgrader_or_by_the_handler() {
    async fn last(upgrade: WebSocketUpgrade) -> Response {
        let last = upgrade.subprotocols().last().cloned();
        upgrade.with_accept(Accept::new().subprotocols(last)).on_upgrade(echo)
    }
    let upgrader = Upgrader::new().accept(Accept::new().subprotocols(names(&["b", "a"])));
    let routes = Router::new().route("/chat", any(chat)).route("/last", any(last));
    let address = serve(routes.layer(Extension(upgrader))).await;
    let client = Client::builder().subprotocols(["a", "b", "c"]).unwrap().build();
    for (path, chosen) in [("chat", "b"), ("last", "c")] {
        let mut socket = client.connect(format!("ws://{address}/{path}")).await.unwrap();
        assert_eq!(socket.subprotocol(), Some(chosen));
        hears(&mut socket, "hello").await;
    }
    assert_eq!(connect(address).await.subprotocol(), None);
}

#[tokio::test]
async fn terms_that_do_not_fit_the_offer_are_a_500_that_the_hook_is_told_of() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let strict = move |upgrade: WebSocketUpgrade| async move {
        upgrade
            .with_accept(Accept::new().subprotocol(Subprotocol::new("mine").unwrap()))
            .on_failed_upgrade(move |error| tell.send(error).unwrap())
            .on_upgrade(echo)
    };
    let address = serve(Router::new().route("/chat", any(strict))).await;
    assert_eq!(ask(address, &with(&["Sec-WebSocket-Protocol: yours"])).await.0, 500);
    assert!(matches!(told.recv().await, Some(UpgradeError::Answer(_))));
}

/// RFC 7692: if it is asked for; the client offers it anyway.
#[cfg(feature = "deflate")]
#[tokio::test]
async fn compression_is_agreed_on() {
    let accept = Accept::new().deflate(wharf::Deflate::SERVER);
    let address = serve(app().layer(Extension(Upgrader::new().accept(accept)))).await;
    let mut socket = connect(address).await;
    assert!(socket.agreement().deflate.is_some());
    hears(&mut socket, &"again and ".repeat(100)).await;
    assert_eq!(connect(serve(app()).await).await.agreement().deflate, None);
}

/// RFC 6455 §7.4.1: 1009.
#[tokio::test]
async fn limits_hold() {
    let mut config = Config::new(Role::Server);
    config.limits.message = 10;
    let upgrader = Upgrader::new().accept(Accept::new().config(config));
    let mut socket = connect(serve(app().layer(Extension(upgrader))).await).await;
    hears(&mut socket, "ten bytes.").await;
    socket.send("eleven byte").await.unwrap();
    assert_eq!(socket.recv().await.unwrap(), None);
    assert_eq!(socket.ending().unwrap().code(), 1009);
}

#[tokio::test]
async fn headers_of_its_own_are_in_the_101() {
    let cookie = ("set-cookie".parse().unwrap(), "seen=1".parse().unwrap());
    let accept = Accept::new().header(cookie.0, cookie.1).unwrap();
    let address = serve(app().layer(Extension(Upgrader::new().accept(accept)))).await;
    let (status, lines) = ask(address, &with(&[])).await;
    assert_eq!(status, 101);
    for line in [
        "set-cookie: seen=1",
        "upgrade: websocket",
        "connection: upgrade",
        "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=",
    ] {
        assert!(lines.iter().any(|each| each == line), "{line} is not in {lines:?}");
    }
}

#[tokio::test]
async fn a_handler_may_have_the_socket_as_a_future() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let later = move |upgrade: WebSocketUpgrade| async move {
        let (response, opening) = upgrade.accept().unwrap();
        tell.send(opening).unwrap();
        response
    };
    let address = serve(Router::new().route("/chat", any(later))).await;
    let (mut client, server) =
        tokio::join!(connect(address), async { told.recv().await.unwrap().await });
    tokio::spawn(echo(server.unwrap()));
    hears(&mut client, "later").await;
}
