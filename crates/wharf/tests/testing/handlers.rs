//! Handlers of requests, through a real handshake in memory.

use wharf::{
    Accept, AcceptError, Acceptor, Bytes, Client, CloseCode, Request, Subprotocol,
    testing::{Frame, Pair, request},
};

/// A handler as a user writes it.
async fn chat(request: Request) -> Result<(), AcceptError> {
    if request.headers().get("cookie").is_none() {
        let answer = http::Response::builder().status(401).body(Bytes::from("log in first"));
        return request.refuse(answer.unwrap()).await;
    }
    let mut socket = request.accept().await?;
    while let Ok(Some(message)) = socket.recv().await {
        socket.send(message).await.unwrap();
    }
    Ok(())
}

fn acceptor() -> Acceptor {
    let chat = Accept::new().subprotocols([Subprotocol::new("chat").unwrap()]);
    Acceptor::builder().accept(chat).build()
}

#[tokio::test(start_paused = true)]
async fn a_handler_is_served_to_a_real_client() {
    let client = Client::builder().header("cookie", "a=b").unwrap();
    let client = client.subprotocols(["chat"]).unwrap().build();
    let (end, _wire, serving) = Pair::new().serve(&acceptor(), chat);
    let mut socket = client.connect_over(end, "ws://localhost/").await.unwrap();
    assert_eq!(socket.subprotocol(), Some("chat"));
    socket.send("hello").await.unwrap();
    assert_eq!(socket.recv().await.unwrap(), Some("hello".into()));
    socket.close(CloseCode::NORMAL).await;
    serving.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_handler_refuses() {
    let (end, _wire, serving) = Pair::new().serve(&acceptor(), chat);
    let error = Client::default().connect_over(end, "ws://localhost/").await.unwrap_err();
    assert_eq!(error.response().unwrap().body(), "log in first");
    serving.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_request_comes_without_a_client() {
    let asked = http::Request::get("/room").header("cookie", "a=b");
    let (request, mut client) = request(&acceptor(), asked.body(()).unwrap()).await.unwrap();
    assert_eq!(request.uri(), "/room");
    let serving = tokio::spawn(chat(request));
    assert!(client.answer().await.unwrap().starts_with("HTTP/1.1 101 "));
    client.send_frame(Frame::text("hello")).await.unwrap();
    client.expect([Frame::text("hello")]).await;
    client.send_frame(Frame::close(1000, "")).await.unwrap();
    client.expect([Frame::close(1000, "")]).await;
    drop(client);
    serving.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_request_that_the_acceptor_refuses_is_an_error() {
    let asked = http::Request::get("/").header("origin", "https://evil.example").body(()).unwrap();
    let refused = request(&acceptor(), asked).await;
    assert!(matches!(refused, Err(AcceptError::Request(_))));
}

/// A client that never says anything: the deadline of the handshake passes in no time.
#[tokio::test(start_paused = true)]
async fn a_silent_client_is_given_up_in_virtual_time() {
    let (end, _wire, serving) = Pair::new().serve(&acceptor(), chat);
    assert!(matches!(serving.await, Err(AcceptError::TimedOut(..))));
    drop(end);
}
