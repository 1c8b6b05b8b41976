//! HTTP answers that end a connection.

use crate::transport::Transport;
use bytes::{Bytes, BytesMut};
use http::{Method, Response};
use std::{io, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};
use wharf_proto::write_response;

/// How long a peer that has its answer may take to go.
const LINGER: Duration = Duration::from_secs(2);
/// How much more it may say in that time.
const LINGER_BYTES: usize = 64 << 10;

/// Writes the whole answer and closes our side; the connection is over then. `method` is None when no request
/// could be read.
pub(super) async fn write(
    io: &mut Transport,
    response: &Response<Bytes>,
    method: Option<&Method>,
) -> io::Result<()> {
    let mut bytes = write_response(response);
    if method == Some(&Method::HEAD) {
        bytes.truncate(head_length(&bytes));
    }
    io.write_all(&bytes).await?;
    io.shutdown().await
}

/// RFC 9110 §9.3.2: the answer to HEAD is what GET would get, without its content.
pub(super) fn head_length(message: &[u8]) -> usize {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n");
    end.map_or(message.len(), |end| end + 4)
}

/// Reads on until the peer is gone too. Closing a socket with unread bytes resets it, and a reset can overtake
/// the answer (RFC 9112 §9.6).
pub(super) async fn linger(io: &mut Transport) {
    let mut unread = BytesMut::with_capacity(2048);
    let drained = async {
        let mut left = LINGER_BYTES;
        while let Ok(1..) = io.read_buf(&mut unread).await {
            left = left.saturating_sub(unread.len());
            unread.clear();
            if left == 0 {
                break;
            }
        }
    };
    // Whoever has not gone by then is cut.
    let _ = timeout(LINGER, drained).await;
}
