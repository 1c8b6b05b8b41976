//! What happens in these tests.

use std::time::Duration;
use tokio::time::sleep;
use wharf::{
    Accept, AcceptError, Acceptor, Agreement, Bytes, Client, CloseCode, Config, ConnectError,
    Deflate, Request, Role, WebSocket,
    testing::{Frame, Pair},
};

/// A client and an acceptor over a pipe; the request is answered as `answer` does.
pub(crate) async fn handshake<F>(
    client: &Client,
    acceptor: &Acceptor,
    answer: impl FnOnce(Request) -> F,
) -> (Result<WebSocket, ConnectError>, Result<WebSocket, AcceptError>)
where
    F: Future<Output = Result<WebSocket, AcceptError>>,
{
    let (near, far) = tokio::io::duplex(64 << 10);
    let serving = async { answer(acceptor.accept(far).await?).await };
    tokio::join!(client.connect_over(near, "ws://h/way?token=hidden"), serving)
}

/// An acceptor and a client that agree on compression.
pub(crate) fn compressing() -> (Client, Acceptor) {
    let accept = Accept::new().deflate(Deflate::SERVER);
    let client = Client::builder().deflate(Some(Deflate::CLIENT)).build();
    (client, Acceptor::builder().accept(accept).build())
}

/// A WebSocket that agreed on compression says something that compresses, and closes.
pub(crate) async fn compressed_talk() {
    let (client, acceptor) = compressing();
    let (client, server) = handshake(&client, &acceptor, Request::accept).await;
    let serving = tokio::spawn(echo(server.unwrap()));
    let mut client = client.unwrap();
    client.send("again ".repeat(500)).await.unwrap();
    assert!(client.recv().await.unwrap().is_some());
    client.close(CloseCode::NORMAL).await;
    serving.await.unwrap();
}

/// Sends back what comes, until the end.
pub(crate) async fn echo(mut socket: WebSocket) {
    while let Ok(Some(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            break;
        }
    }
}

/// A Ping of a client, and its Pong.
pub(crate) async fn measured_round_trip() {
    let (mut client, server) = wharf::testing::pair();
    let serving = tokio::spawn(echo(server));
    let ping = client.ping();
    tokio::select! {
        _ = client.drive() => panic!("nobody closes"),
        answer = ping => assert!(answer.is_ok()),
    }
    client.close(CloseCode::NORMAL).await;
    serving.await.unwrap();
}

/// A client sends a frame with an opcode that means nothing.
pub(crate) async fn nonsense_on_the_wire() {
    let (mut server, mut peer, _wire) = Pair::new().open_server();
    peer.send_frame(Frame::new(3, b"")).await.unwrap();
    let (error, _) = tokio::join!(server.recv(), peer.end());
    assert!(error.unwrap_err().protocol_error().is_some());
}

/// A server and a peer that takes no more than 64 bytes; the other end of the pipe keeps it open.
pub(crate) fn stuck_server() -> (WebSocket, tokio::io::DuplexStream) {
    let (near, far) = tokio::io::duplex(64);
    let mut config = Config::new(Role::Server);
    config.timeouts.ping_every = Some(Duration::from_secs(6));
    let opened = WebSocket::over(near, Role::Server, Agreement::default(), Bytes::new(), config);
    (opened.unwrap(), far)
}

/// Lets a WebSocket drive itself for so long.
pub(crate) async fn drive_for(socket: &mut WebSocket, time: Duration) {
    tokio::select! {
        _ = socket.drive() => panic!("nothing ends it"),
        () = sleep(time) => {}
    }
}
