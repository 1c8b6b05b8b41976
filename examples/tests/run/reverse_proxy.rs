use crate::program::{Program, soon};
use http::Response;
use tokio::{sync::mpsc, task::JoinHandle};
use wharf::{
    Accept, Bytes, Client, CloseCode, CloseReason, Ending, Message, Request, SendError, Sender,
    Server, ShutdownHandle, Subprotocol, WebSocket,
};

const PROXY: &str = env!("CARGO_BIN_EXE_reverse_proxy");

/// A server behind the proxy that hands its requests to the test.
struct Upstream {
    requests: mpsc::Receiver<Request>,
    handle: ShutdownHandle,
    address: String,
}

impl Upstream {
    async fn start() -> Self {
        let server = Server::bind("127.0.0.1:0").await.unwrap();
        let address = server.local_addr().unwrap().to_string();
        let handle = server.shutdown_handle();
        let (hand, requests) = mpsc::channel(4);
        tokio::spawn(server.serve_requests(move |request| {
            let hand = hand.clone();
            async move { hand.send(request).await.map_err(|_| "the test is over") }
        }));
        Self { requests, handle, address }
    }

    async fn request(&mut self) -> Request {
        soon(self.requests.recv()).await.unwrap()
    }
}

/// Both ends of a way through the proxy.
async fn through(address: &str, upstream: &mut Upstream) -> (WebSocket, WebSocket) {
    let url = format!("ws://{address}/");
    let (near, far) = tokio::join!(soon(wharf::connect(url)), async {
        soon(upstream.request().await.accept()).await
    });
    (near.unwrap(), far.unwrap())
}

#[tokio::test]
async fn what_the_client_asks_goes_upstream_and_the_choice_comes_back() {
    let mut upstream = Upstream::start().await;
    let base = format!("ws://{}/base", upstream.address);
    let (proxy, address) = Program::serve(PROXY, &[&base, "127.0.0.1:0"]).await;
    let client = Client::builder()
        .subprotocols(["v2", "v1"])
        .and_then(|client| client.cookie("session", "31d4"))
        .unwrap()
        .build();
    let (near, far) = tokio::join!(soon(client.connect(format!("ws://{address}/a?b=c"))), async {
        let request = upstream.request().await;
        assert_eq!(request.uri(), "/base/a?b=c");
        assert_eq!(request.headers()["cookie"], "session=31d4");
        assert_eq!(request.headers()["x-forwarded-for"], "127.0.0.1");
        let accept = Accept::new().subprotocols([Subprotocol::new("v1").unwrap()]);
        soon(request.accept_with(accept)).await
    });
    let (mut near, mut far) = (near.unwrap(), far.unwrap());
    assert_eq!(near.subprotocol(), Some("v1"));
    near.send("up").await.unwrap();
    assert_eq!(soon(far.recv()).await.unwrap(), Some(Message::from("up")));
    far.send(vec![7; 300_000]).await.unwrap();
    let (came, driven) = tokio::join!(soon(near.recv()), soon(far.flush()));
    driven.unwrap();
    assert_eq!(came.unwrap(), Some(Message::from(vec![7; 300_000])));
    let (closed, end) = tokio::join!(near.close(CloseCode::NORMAL), soon(far.recv()));
    assert_eq!((closed.code(), end.unwrap()), (1000, None));
    proxy.end().await;
}

#[tokio::test]
async fn close_codes_cross_in_both_directions() {
    let mut upstream = Upstream::start().await;
    let base = format!("ws://{}", upstream.address);
    let (proxy, address) = Program::serve(PROXY, &[&base, "127.0.0.1:0"]).await;
    let code = CloseCode::new(4321).unwrap();
    let reason = CloseReason::new(code, "because").unwrap();

    let (mut near, mut far) = through(&address, &mut upstream).await;
    tokio::join!(soon(near.close(reason.clone())), soon(far.drive()));
    assert_eq!(far.ending().unwrap().reason(), Some(&reason));

    let (mut near, mut far) = through(&address, &mut upstream).await;
    tokio::join!(soon(far.close(reason.clone())), soon(near.drive()));
    assert_eq!(near.ending().unwrap().reason(), Some(&reason));

    // Ctrl-C of the proxy tells both.
    let (mut near, mut far) = through(&address, &mut upstream).await;
    proxy.interrupt().await;
    let (near, far) = tokio::join!(soon(near.drive()), soon(far.drive()));
    assert_eq!((near.code(), far.code()), (1001, 1001));
    proxy.end().await;
}

#[tokio::test]
async fn refusals_come_back_and_nobody_there_is_502() {
    let mut upstream = Upstream::start().await;
    let base = format!("ws://{}", upstream.address);
    let (proxy, address) = Program::serve(PROXY, &[&base, "127.0.0.1:0"]).await;
    let url = format!("ws://{address}/");
    let (error, ()) = tokio::join!(soon(wharf::connect(&url)), async {
        let answer = Response::builder().status(401).body(Bytes::from("who are you\n")).unwrap();
        soon(upstream.request().await.refuse(answer)).await.unwrap();
    });
    let error = error.unwrap_err();
    assert_eq!(error.response().unwrap().status(), 401);
    assert_eq!(error.response().unwrap().body(), "who are you\n");
    proxy.end().await;

    // A port that was just given back may be somebody else's by now; this one is nobody's.
    let (proxy, address) = Program::serve(PROXY, &["ws://127.0.0.1:1", "127.0.0.1:0"]).await;
    let error = soon(wharf::connect(format!("ws://{address}/"))).await.unwrap_err();
    assert_eq!(error.response().unwrap().status(), 502);
    proxy.end().await;
}

/// Nothing queues up in between: who sends to one that does not read has to wait, and who never reads is given up.
#[tokio::test]
async fn a_side_that_does_not_read_holds_the_other_one_up() {
    let mut upstream = Upstream::start().await;
    let base = format!("ws://{}", upstream.address);
    let (mut proxy, address) = Program::serve(PROXY, &[&base, "127.0.0.1:0", "1"]).await;
    let (near, mut far) = through(&address, &mut upstream).await;
    let (sender, driving) = driven(near);
    tokio::select! {
        biased;
        line = proxy.line_with("a side has not read for 1s") => drop(line),
        // A gigabyte would fit into no buffer of the system's, but into a queue without a bound.
        sent = send_blocks(&sender, 1 << 10) => panic!("it took everything, or failed: {sent:?}"),
    }
    while let Ok(Some(_)) = soon(far.recv()).await {}
    assert_eq!(soon(driving).await.unwrap().code(), 1014);
    upstream.handle.shut_down();
    proxy.end().await;
}

/// More than all buffers on the way hold goes through to one that reads.
#[tokio::test]
async fn what_does_not_fit_into_any_buffer_comes_when_it_is_read() {
    let mut upstream = Upstream::start().await;
    let base = format!("ws://{}", upstream.address);
    let (proxy, address) = Program::serve(PROXY, &[&base, "127.0.0.1:0"]).await;
    let (near, mut far) = through(&address, &mut upstream).await;
    let (sender, driving) = driven(near);
    let read = async {
        for _ in 0..64 {
            assert_eq!(soon(far.recv()).await.unwrap().unwrap().as_bytes().len(), BLOCK);
        }
    };
    tokio::join!(send_blocks(&sender, 64), read).0.unwrap();
    drop(far);
    soon(driving).await.unwrap();
    upstream.handle.shut_down();
    proxy.end().await;
}

/// Bytes of a block.
const BLOCK: usize = 1 << 20;

async fn send_blocks(sender: &Sender, count: usize) -> Result<(), SendError> {
    for _ in 0..count {
        soon(sender.send(&vec![0; BLOCK])).await?;
        // A send that never has to wait would leave no turn to whoever looks for the end of it.
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Answers Pings and the Close meanwhile.
fn driven(socket: WebSocket) -> (Sender, JoinHandle<Ending>) {
    let (sender, mut receiver) = socket.split();
    (sender, tokio::spawn(async move { receiver.drive().await }))
}
