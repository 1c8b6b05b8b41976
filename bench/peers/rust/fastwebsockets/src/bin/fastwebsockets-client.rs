//! A client of an Autobahn server.
#![forbid(unsafe_code)]

use common::{ClientFlags, MAX_MESSAGE, Session, drive};
use fastwebsockets::{FragmentCollector, Frame, OpCode, handshake};
use http_body_util::Empty;
use hyper::{Request, body::Bytes, header, upgrade::Upgraded};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

fn main() {
    let flags = ClientFlags::read("fastwebsockets");
    flags.deflate.must_be_off();
    drive(&flags, async |url, session| {
        let mut socket = connect(&url).await?;
        loop {
            let frame = match socket.read_frame().await {
                Ok(frame) => frame,
                Err(_) => {
                    _ = socket.write_frame(Frame::close_raw(Vec::new().into())).await;
                    return None;
                }
            };
            match frame.opcode {
                OpCode::Text if session == Session::Listen => {
                    let text = String::from_utf8(frame.payload.to_vec()).ok();
                    _ = socket.write_frame(Frame::close(1000, &[])).await;
                    return text;
                }
                OpCode::Text | OpCode::Binary => {
                    let echo = Frame::new(true, frame.opcode, None, frame.payload);
                    socket.write_frame(echo).await.ok()?;
                }
                OpCode::Close => return None,
                OpCode::Continuation | OpCode::Ping | OpCode::Pong => {}
            }
        }
    });
}

async fn connect(url: &str) -> Option<FragmentCollector<TokioIo<Upgraded>>> {
    let authority = url.strip_prefix("ws://")?.split('/').next()?;
    let stream = TcpStream::connect(authority).await.ok()?;
    stream.set_nodelay(true).ok()?;
    let request = Request::get(url.replacen("ws", "http", 1))
        .header(header::HOST, authority)
        .header(header::UPGRADE, "websocket")
        .header(header::CONNECTION, "upgrade")
        .header("Sec-WebSocket-Key", handshake::generate_key())
        .header("Sec-WebSocket-Version", "13")
        .body(Empty::<Bytes>::new())
        .ok()?;
    let (mut socket, _) = handshake::client(&TokioExecutor::new(), request, stream).await.ok()?;
    socket.set_max_message_size(MAX_MESSAGE);
    Some(FragmentCollector::new(socket))
}
