//! For `tokio-tungstenite.md`.

use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    accept_async, accept_async_with_config, accept_hdr_async, connect_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        handshake::server::{ErrorResponse, Request, Response},
        http::{HeaderValue, StatusCode},
        protocol::{CloseFrame, WebSocketConfig, frame::coding::CloseCode},
    },
};

pub async fn client() -> Result<(), Error> {
    let (mut socket, _response) = connect_async("ws://127.0.0.1:9001/").await?;
    socket.send(Message::text("hello")).await?;
    while let Some(message) = socket.next().await {
        match message? {
            Message::Text(text) => println!("{text}"),
            Message::Binary(bytes) => println!("{} bytes", bytes.len()),
            Message::Close(frame) => println!("closed: {frame:?}"),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
    Ok(())
}

pub async fn server() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:9001").await?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(async {
            if let Err(error) = echo(stream).await {
                eprintln!("{error}");
            }
        });
    }
}

async fn echo(stream: TcpStream) -> Result<(), Error> {
    let mut socket = accept_async(stream).await?;
    while let Some(message) = socket.next().await {
        let message = message?;
        if message.is_text() || message.is_binary() {
            socket.send(message).await?;
        }
    }
    Ok(())
}

pub async fn split() -> Result<(), Error> {
    let (socket, _) = connect_async("ws://127.0.0.1:9001/").await?;
    let (mut sink, mut stream) = socket.split();
    // A sink has one owner: whoever else wants to send goes through a channel.
    let (sender, mut queue) = tokio::sync::mpsc::channel::<Message>(32);
    tokio::spawn(async move {
        while let Some(message) = queue.recv().await {
            if sink.send(message).await.is_err() {
                break;
            }
        }
    });
    let other = sender.clone();
    tokio::spawn(async move { other.send(Message::text("from another task")).await });
    while let Some(message) = stream.next().await {
        println!("{:?}", message?);
    }
    Ok(())
}

pub async fn headers() -> Result<(), Error> {
    let mut request = "ws://127.0.0.1:9001/".into_client_request()?;
    request.headers_mut().insert("authorization", HeaderValue::from_static("Bearer 0123"));
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("v2, v1"));
    let (_socket, response) = connect_async(request).await?;
    println!("{:?}", response.headers().get("sec-websocket-protocol"));
    Ok(())
}

pub async fn refuse(stream: TcpStream) -> Result<(), Error> {
    let _socket = accept_hdr_async(stream, answer).await?;
    Ok(())
}

#[expect(clippy::result_large_err, reason = "the callback's type is tungstenite's")]
fn answer(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    if request.uri().path() != "/chat" {
        let mut refusal = ErrorResponse::new(Some("no such room".into()));
        *refusal.status_mut() = StatusCode::NOT_FOUND;
        return Err(refusal);
    }
    let offered = request.headers().get("sec-websocket-protocol");
    let offered = offered.and_then(|value| value.to_str().ok()).unwrap_or_default();
    if offered.split(',').any(|name| name.trim() == "v1") {
        let name = HeaderValue::from_static("v1");
        response.headers_mut().insert("sec-websocket-protocol", name);
    }
    Ok(response)
}

pub async fn limits(stream: TcpStream) -> Result<(), Error> {
    let config = WebSocketConfig::default()
        .max_message_size(Some(64 << 10))
        .max_frame_size(Some(64 << 10))
        .max_write_buffer_size(1 << 20);
    let _socket = accept_async_with_config(stream, Some(config)).await?;
    Ok(())
}

pub async fn keep_alive() -> Result<(), Error> {
    let (mut socket, _) = connect_async("ws://127.0.0.1:9001/").await?;
    let mut ticks = tokio::time::interval(Duration::from_secs(30));
    let mut answered = true;
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                if !std::mem::take(&mut answered) {
                    return socket.close(None).await;
                }
                socket.send(Message::Ping("".into())).await?;
            }
            message = socket.next() => match message {
                Some(Ok(Message::Pong(_))) => answered = true,
                Some(message) => println!("{:?}", message?),
                None => return Ok(()),
            },
        }
    }
}

pub async fn close() -> Result<(), Error> {
    let (mut socket, _) = connect_async("ws://127.0.0.1:9001/").await?;
    let frame = CloseFrame { code: CloseCode::Normal, reason: "done".into() };
    socket.close(Some(frame)).await?;
    // The closing handshake is over when there is nothing more to read.
    while let Some(message) = socket.next().await {
        match message {
            Ok(Message::Close(frame)) => println!("the peer said {frame:?}"),
            Ok(_) => {}
            Err(Error::ConnectionClosed | Error::AlreadyClosed) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
