//! For `fastwebsockets.md`.

use bytes::Bytes;
use fastwebsockets::{
    FragmentCollector, Frame, OpCode, Payload, WebSocket, WebSocketError, handshake, upgrade,
};
use http_body_util::Empty;
use hyper::{
    Request, Response, body::Incoming, header, server::conn::http1, service::service_fn,
    upgrade::Upgraded,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};

type Socket = WebSocket<TokioIo<Upgraded>>;

pub async fn connect() -> Result<Socket, WebSocketError> {
    let stream = TcpStream::connect("127.0.0.1:9001").await?;
    let request = Request::get("http://127.0.0.1:9001/")
        .header(header::HOST, "127.0.0.1:9001")
        .header(header::UPGRADE, "websocket")
        .header(header::CONNECTION, "upgrade")
        .header(header::AUTHORIZATION, "Bearer 0123")
        .header("Sec-WebSocket-Key", handshake::generate_key())
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Protocol", "v2, v1")
        .body(Empty::<Bytes>::new())
        .expect("these headers are valid");
    let (socket, _response) = handshake::client(&TokioExecutor::new(), request, stream).await?;
    Ok(socket)
}

pub async fn client() -> Result<(), WebSocketError> {
    let mut socket = FragmentCollector::new(connect().await?);
    socket.write_frame(Frame::text(Payload::Borrowed(b"hello"))).await?;
    loop {
        let frame = socket.read_frame().await?;
        match frame.opcode {
            OpCode::Text => println!("{}", String::from_utf8_lossy(&frame.payload)),
            OpCode::Binary => println!("{} bytes", frame.payload.len()),
            OpCode::Close => return Ok(()),
            OpCode::Continuation | OpCode::Ping | OpCode::Pong => {}
        }
    }
}

pub async fn server() -> Result<(), WebSocketError> {
    let listener = TcpListener::bind("127.0.0.1:9001").await?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(async {
            let connection =
                http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(accept));
            if let Err(error) = connection.with_upgrades().await {
                eprintln!("{error}");
            }
        });
    }
}

async fn accept(mut request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, WebSocketError> {
    let (response, upgraded) = upgrade::upgrade(&mut request)?;
    tokio::spawn(async {
        if let Err(error) = echo(upgraded).await {
            eprintln!("{error}");
        }
    });
    Ok(response)
}

async fn echo(upgraded: upgrade::UpgradeFut) -> Result<(), WebSocketError> {
    let mut socket = FragmentCollector::new(upgraded.await?);
    loop {
        let frame = socket.read_frame().await?;
        match frame.opcode {
            OpCode::Close => return Ok(()),
            OpCode::Text | OpCode::Binary => socket.write_frame(frame).await?,
            OpCode::Continuation | OpCode::Ping | OpCode::Pong => {}
        }
    }
}

pub async fn split() -> Result<(), WebSocketError> {
    let (mut read, mut write) = connect().await?.split(tokio::io::split);
    let (sender, mut queue) = tokio::sync::mpsc::channel::<Frame<'static>>(32);
    tokio::spawn(async move {
        while let Some(frame) = queue.recv().await {
            if write.write_frame(frame).await.is_err() {
                break;
            }
        }
    });
    loop {
        // Pongs and the answer to a Close are written by whoever has the writing half.
        let mut obliged = |frame: Frame<'static>| sender.send(frame);
        let frame = read.read_frame(&mut obliged).await?;
        if frame.opcode == OpCode::Close {
            return Ok(());
        }
    }
}

pub fn limits(socket: &mut Socket) {
    socket.set_max_message_size(64 << 10);
    socket.set_auto_close(true);
    socket.set_auto_pong(true);
    socket.set_writev(true);
}

pub async fn ping(socket: &mut Socket) -> Result<(), WebSocketError> {
    let ping = Frame::new(true, OpCode::Ping, None, Payload::Borrowed(b"are you there"));
    socket.write_frame(ping).await
}

pub async fn close(socket: &mut Socket) -> Result<(), WebSocketError> {
    socket.write_frame(Frame::close(1000, b"done")).await?;
    // The peer's answer is a frame like any other.
    while socket.read_frame().await?.opcode != OpCode::Close {}
    Ok(())
}
