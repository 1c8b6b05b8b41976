//! What the log says, and what it never says.

use crate::{
    log::Log,
    scenes::{compressed_talk, handshake, nonsense_on_the_wire},
};
use http::header::{AUTHORIZATION, COOKIE, HeaderName};
use wharf::{
    Accept, Acceptor, Client, CloseCode, CloseReason, Request, Server, Subprotocol, connect,
    testing::pair,
};

/// Both ends have a span of their own, which says what was agreed, from the opening to the end.
#[tokio::test(start_paused = true)]
async fn each_connection_has_one_span() {
    let log = Log::start();
    compressed_talk().await;
    for role in ["server", "client"] {
        let span = format!("role=\"{role}\"");
        let terms = "deflate=server 15";
        let lines = log.lines(&["connection{", &span]);
        assert!(lines.iter().all(|line| line.matches("connection{").count() == 1), "{lines:#?}");
        for event in [": open", "closing by=", "ended by="] {
            assert_eq!(log.lines(&[&span, terms, event]).len(), 1, "{event} in {}", log.text());
        }
        assert_eq!(log.lines(&[&span, ": close"]).len(), 1, "it ends: {}", log.text());
    }
    assert_eq!(log.lines(&["client", "peer=h:80"]).len(), log.lines(&["role=\"client\""]).len());
}

/// The socket takes its span along.
#[tokio::test]
async fn a_socket_in_another_task_keeps_its_span() {
    let log = Log::start();
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", server.local_addr().unwrap());
    let stop = server.shutdown_handle();
    let (given, mut taken) = tokio::sync::mpsc::channel(1);
    let serving = server.serve(move |socket| {
        let given = given.clone();
        async move {
            tracing::info!("in the handler");
            given.send(socket).await.map_err(|_| "nobody wants it")
        }
    });
    let elsewhere = async move {
        let mut socket = taken.recv().await.unwrap();
        assert_eq!(socket.recv().await.unwrap(), None);
    };
    let talk = async {
        connect(&url).await.unwrap().close(CloseCode::NORMAL).await;
        stop.shut_down();
    };
    tokio::join!(serving, tokio::spawn(elsewhere), talk).1.unwrap();
    let told = log.lines(&["role=\"server\"", "peer=127.0.0.1:", "ended by=\"peer\" code=1000"]);
    assert_eq!(told.len(), 1, "{}", log.text());
    assert!(log.text().contains("peer=127.0.0.1:"), "{}", log.text());
    let handler = log.text().lines().filter(|line| line.contains("in the handler")).count();
    assert_eq!(handler, 1);
}

/// A close that comes from a bare sender is told in the connection's span, too, and once.
#[tokio::test(start_paused = true)]
async fn a_sender_tells_in_the_span_of_its_connection() {
    let log = Log::start();
    let (client, _server) = pair();
    client.sender().close(CloseCode::GOING_AWAY);
    client.sender().close(CloseCode::NORMAL);
    let closing = log.lines(&["connection{", "role=\"client\"", "closing by=\"local\""]);
    assert_eq!(closing.len(), 1, "{}", log.text());
    assert!(closing[0].contains("code=1001"));
}

#[tokio::test(start_paused = true)]
async fn an_error_is_told_with_its_blame() {
    let log = Log::start();
    nonsense_on_the_wire().await;
    let failed = log.lines(&["DEBUG", "connection{", "failed blame=\"peer\" kind=\"protocol\""]);
    assert_eq!(failed.len(), 1, "{}", log.text());
    assert!(failed[0].contains("reserved opcode 0x3"));
}

/// Nothing that may be a secret gets into the log, at any level: whatever is handed to wharf, in both directions.
#[tokio::test(start_paused = true)]
async fn the_log_holds_no_secrets() {
    let log = Log::start();
    let header = |name, value: &str| (name, value.to_owned());
    let custom = HeaderName::from_static("x-api-key");
    let mut builder = Client::builder();
    for (name, value) in [
        header(AUTHORIZATION, "Bearer hidden-1"),
        header(COOKIE, "session=hidden-2"),
        header(custom, "hidden-3"),
    ] {
        builder = builder.header(name, value).unwrap();
    }
    // A token dressed as a subprotocol, which the server does not agree on.
    let client = builder.subprotocols(["chat", "hidden-4"]).unwrap().build();
    let accept = Accept::new().subprotocols([Subprotocol::new("chat").unwrap()]);
    let accept = accept.header(http::header::SET_COOKIE, "session=hidden-5".parse().unwrap());
    let acceptor = Acceptor::builder().accept(accept.unwrap()).build();
    let (client, server) = handshake(&client, &acceptor, Request::accept).await;
    let (mut client, mut server) = (client.unwrap(), server.unwrap());
    client.send("hidden-6").await.unwrap();
    server.send(b"hidden-7".to_vec()).await.unwrap();
    assert!(server.recv().await.unwrap().is_some() && client.recv().await.unwrap().is_some());
    let why = CloseReason::new(CloseCode::NORMAL, "hidden-8").unwrap();
    let (_, end) = tokio::join!(client.close(why), server.recv());
    assert_eq!(end.unwrap(), None);
    refusals().await;
    assert!(!log.lines(&["subprotocol=\"chat\"", ": open"]).is_empty(), "{}", log.text());
    assert!(!log.text().contains("hidden"), "{}", log.text());
}

/// Requests that come to nothing, and a redirect that is not followed.
async fn refusals() {
    for request in [
        "GET /?hidden-9 HTTP/1.1\r\nHost: h\r\nCookie: hidden-10\r\n\r\n",
        "GET /?hidden-11 HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: hidden-12\r\n\r\n",
        "GET /?hidden-13 HTTP/1.1\r\nhidden-14\r\n\r\n",
    ] {
        let (mut near, far) = tokio::io::duplex(1 << 10);
        let acceptor = Acceptor::default();
        let ask = async move {
            tokio::io::AsyncWriteExt::write_all(&mut near, request.as_bytes()).await.unwrap();
            tokio::io::AsyncReadExt::read_to_end(&mut near, &mut Vec::new()).await.unwrap();
        };
        let (refused, ()) = tokio::join!(acceptor.accept(far), ask);
        assert!(refused.is_err());
    }
    let (client, acceptor) = (Client::default(), Acceptor::default());
    let refused = handshake(&client, &acceptor, |request| async {
        let moved = http::Response::builder().status(302).header("location", "/?hidden-15");
        request.refuse(moved.body("hidden-16".into()).unwrap()).await?;
        Err(wharf::AcceptError::ShuttingDown)
    });
    assert!(refused.await.0.is_err());
    let url = "ws://user:hidden-17@h:1/hidden-18?hidden-19";
    let (near, far) = tokio::io::duplex(64);
    drop(far);
    assert!(Client::default().connect_over(near, url).await.is_err());
}
