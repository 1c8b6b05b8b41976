//! An echo server: the upgrade by hyper.
#![forbid(unsafe_code)]

use common::{ServerFlags, listen, run};
use futures_util::{SinkExt, StreamExt, future::poll_immediate};
use http_body_util::Empty;
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use yawc::{Frame, HttpWebSocket, OpCode, Options, Result, UpgradeFut, WebSocket};

fn main() -> std::io::Result<()> {
    let flags = ServerFlags::read();
    let options = peer_yawc::options(flags.deflate, flags.read_buffer);
    run(listen(flags, move |stream| {
        let options = options.clone();
        async move {
            let service = service_fn(|request| accept(request, options.clone()));
            let upgrades = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // An error is the peer's, and hyper has answered it.
            _ = Box::pin(upgrades.with_upgrades()).await;
        }
    }))
}

async fn accept(
    mut request: Request<Incoming>,
    options: Options,
) -> Result<Response<Empty<Bytes>>> {
    let (response, upgraded) = WebSocket::upgrade_with_options(&mut request, options)?;
    tokio::spawn(async {
        // An error is the peer's, and yawc has told it what it tells.
        _ = serve(upgraded).await;
    });
    Ok(response)
}

async fn serve(upgraded: UpgradeFut) -> Result<()> {
    let mut socket = upgraded.await?;
    while let Some(frame) = socket.next().await {
        feed(&mut socket, frame).await?;
        for _ in 1..peer_yawc::BATCH {
            match poll_immediate(socket.next()).await {
                Some(Some(frame)) => feed(&mut socket, frame).await?,
                Some(None) => return Ok(()),
                None => break,
            }
        }
        socket.flush().await?;
    }
    Ok(())
}

async fn feed(socket: &mut HttpWebSocket, frame: Frame) -> Result<()> {
    let (opcode, _, payload) = frame.into_parts();
    match opcode {
        OpCode::Text => socket.feed(Frame::text(payload)).await,
        OpCode::Binary => socket.feed(Frame::binary(payload)).await,
        OpCode::Continuation | OpCode::Close | OpCode::Ping | OpCode::Pong => Ok(()),
    }
}
