//! An echo server: the upgrade by hyper as its example has it, then frames on the bare TCP stream.
#![forbid(unsafe_code)]

use common::{MAX_MESSAGE, ServerFlags, listen, run};
use fastwebsockets::{
    FragmentCollector, OpCode, Role, WebSocket, WebSocketError,
    upgrade::{UpgradeFut, upgrade},
};
use http_body_util::Empty;
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use std::io::Cursor;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, join},
    net::TcpStream,
};

fn main() -> std::io::Result<()> {
    let flags = ServerFlags::read();
    flags.deflate.must_be_off();
    run(listen(flags, |stream| async {
        let upgrades =
            http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(accept));
        // An error is the peer's, and hyper has answered it.
        _ = Box::pin(upgrades.with_upgrades()).await;
    }))
}

async fn accept(mut request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, WebSocketError> {
    let (response, upgraded) = upgrade(&mut request)?;
    tokio::spawn(async {
        // An error is the peer's, and fastwebsockets has told it what it tells.
        _ = tokio::task::unconstrained(serve(upgraded)).await;
    });
    Ok(response)
}

async fn serve(upgraded: UpgradeFut) -> Result<(), WebSocketError> {
    let upgraded = upgraded.await?.into_inner().into_inner();
    let parts = upgraded.downcast::<TokioIo<TcpStream>>();
    let parts = parts.expect("hyper served this stream, and no other");
    let stream = parts.io.into_inner();
    if parts.read_buf.is_empty() {
        return echo(stream).await;
    }
    let (reading, writing) = stream.into_split();
    echo(join(Cursor::new(parts.read_buf).chain(reading), writing)).await
}

async fn echo(stream: impl AsyncRead + AsyncWrite + Unpin) -> Result<(), WebSocketError> {
    let mut socket = WebSocket::after_handshake(stream, Role::Server);
    socket.set_max_message_size(MAX_MESSAGE);
    let mut socket = FragmentCollector::new(socket);
    loop {
        let frame = socket.read_frame().await?;
        match frame.opcode {
            OpCode::Close => return Ok(()),
            OpCode::Text | OpCode::Binary => socket.write_frame(frame).await?,
            OpCode::Continuation | OpCode::Ping | OpCode::Pong => {}
        }
    }
}
