use crate::program::{Program, soon};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use wharf::{Client, ConnectError, WebSocket};

const APP: &str = env!("CARGO_BIN_EXE_axum_app");

async fn http(address: &str, head: &str, body: &str) -> String {
    let mut stream = soon(TcpStream::connect(address)).await.unwrap();
    let length = body.len();
    let request = format!(
        "{head} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    answer
}

/// The session that a login gives.
async fn login(address: &str) -> String {
    let answer = http(address, "POST /login", "ann:secret").await;
    let (_, cookie) = answer.split_once("session=").expect("a session");
    cookie.split(';').next().unwrap().to_owned()
}

async fn come(address: &str, session: &str) -> Result<WebSocket, ConnectError> {
    let client = Client::builder().cookie("session", session).unwrap().build();
    soon(client.connect(format!("ws://{address}/notes"))).await
}

fn status(error: &ConnectError) -> u16 {
    error.response().expect("an answer").status().as_u16()
}

async fn hear(socket: &mut WebSocket) -> String {
    let message = soon(socket.recv()).await.unwrap().expect("a message");
    message.as_text().unwrap().to_owned()
}

#[tokio::test]
async fn only_who_has_logged_in_comes_to_the_handler() {
    let (mut program, address) = Program::serve(APP, &["127.0.0.1:0"]).await;
    assert!(http(&address, "POST /login", "ann:wrong").await.starts_with("HTTP/1.1 401"));
    assert_eq!(
        status(&soon(wharf::connect(format!("ws://{address}/notes"))).await.unwrap_err()),
        401
    );
    assert_eq!(status(&come(&address, "0123").await.unwrap_err()), 401);

    let session = login(&address).await;
    let mut socket = come(&address, &session).await.unwrap();
    assert_eq!(hear(&mut socket).await, "good morning, ann");
    socket.send("milk").await.unwrap();
    assert_eq!(hear(&mut socket).await, "note 1 is taken");
    assert_eq!(program.line().await, "ann: milk");

    // The session is good, but the page is not ours.
    let page = Client::builder().origin("http://foreign.example").unwrap();
    let page = page.cookie("session", &session).unwrap().build();
    let refused = soon(page.connect(format!("ws://{address}/notes"))).await.unwrap_err();
    assert_eq!(status(&refused), 403);
    soon(socket.close(wharf::CloseCode::NORMAL)).await;
    program.end().await;
}

#[tokio::test]
async fn at_the_end_everybody_is_told_and_who_comes_meanwhile_is_refused() {
    let (mut program, address) = Program::serve(APP, &["127.0.0.1:0"]).await;
    assert!(http(&address, "GET /health", "").await.starts_with("HTTP/1.1 200"));
    let session = login(&address).await;
    let mut reading = come(&address, &session).await.unwrap();
    // This one holds the end up for as long as it does not answer the Close.
    let mut silent = come(&address, &session).await.unwrap();
    for socket in [&mut reading, &mut silent] {
        assert_eq!(hear(socket).await, "good morning, ann");
    }
    program.interrupt().await;
    assert_eq!(program.line().await, "2 connections are told to leave");
    assert!(http(&address, "GET /health", "").await.starts_with("HTTP/1.1 503"));
    let refused = come(&address, &session).await.unwrap_err();
    assert_eq!(status(&refused), 503);
    assert!(refused.response().unwrap().headers().contains_key("retry-after"));
    for socket in [&mut reading, &mut silent] {
        assert_eq!(soon(socket.recv()).await.unwrap(), None);
        assert_eq!(socket.ending().unwrap().code(), 1012);
    }
    assert_eq!(program.line().await, "2 left in order, 0 did not");
    program.ended().await;
}
