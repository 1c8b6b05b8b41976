//! A client of an Autobahn server.
#![forbid(unsafe_code)]

use common::{ClientFlags, Session, drive};
use futures_util::{SinkExt, StreamExt};
use yawc::{Frame, OpCode, WebSocket, close::CloseCode};

fn main() {
    let flags = ClientFlags::read("yawc");
    drive(&flags, async |url, session| {
        let options = peer_yawc::options(flags.deflate, Some(8 << 10));
        let connecting = WebSocket::connect(url.parse().ok()?).with_options(options);
        let mut socket = connecting.await.ok()?;
        while let Some(frame) = socket.next().await {
            let (opcode, _, payload) = frame.into_parts();
            match opcode {
                OpCode::Text if session == Session::Listen => {
                    _ = socket.send(Frame::close(CloseCode::Normal, "")).await;
                    return String::from_utf8(payload.to_vec()).ok();
                }
                OpCode::Text => socket.send(Frame::text(payload)).await.ok()?,
                OpCode::Binary => socket.send(Frame::binary(payload)).await.ok()?,
                OpCode::Continuation | OpCode::Close | OpCode::Ping | OpCode::Pong => {}
            }
        }
        None
    });
}
