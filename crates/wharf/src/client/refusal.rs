//! What is said with a "no".

use super::exchange::CHUNK;
use bytes::{Bytes, BytesMut};
use http::Response;
use std::time::Duration;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    time::timeout,
};
use wharf_proto::{BodyProgress, BodyReader};

/// How much of a refusal's body is kept: enough for any explanation.
pub(crate) const BODY: usize = 64 << 10;

/// How long a refusal's body is waited for; its status and headers are there already.
pub(crate) const BODY_PATIENCE: Duration = Duration::from_secs(2);

/// The refusal with as much of its body as comes in good time: it explains, so what is there is worth
/// more than an error about the rest.
pub(crate) async fn with_body(
    io: &mut (impl AsyncRead + Unpin),
    response: Response<()>,
    start: &[u8],
) -> Response<Bytes> {
    let mut body = BodyReader::new(&response, BODY);
    if body.receive(start) == BodyProgress::More {
        let _ = timeout(BODY_PATIENCE, read_body(io, &mut body)).await;
    }
    response.map(|()| body.into_bytes())
}

async fn read_body(io: &mut (impl AsyncRead + Unpin), body: &mut BodyReader) {
    let mut chunk = BytesMut::with_capacity(CHUNK);
    while let Ok(1..) = io.read_buf(&mut chunk).await {
        if body.receive(&chunk) != BodyProgress::More {
            return;
        }
        chunk.clear();
    }
}
