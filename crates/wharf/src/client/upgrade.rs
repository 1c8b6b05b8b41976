//! The opening handshake over a stream (RFC 6455 §4.1).

use super::{error::Cause, settings::Settings};
use crate::entropy::random;
use bytes::{Bytes, BytesMut};
use http::Response;
use std::{io, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};
use wharf_proto::{
    Agreement, BodyProgress, BodyReader, HeadError, Key, Offer, ResponseError, ResponseReader,
    write_request,
};

/// Room for one read; heads are seldom longer.
pub(crate) const CHUNK: usize = 4 << 10;

/// How much of a refusal's body is kept: enough for any explanation.
pub(crate) const BODY: usize = 64 << 10;

/// How long a refusal's body is waited for; its status and headers are there already.
pub(crate) const BODY_PATIENCE: Duration = Duration::from_secs(2);

/// What an upgrade leaves: the agreement, the response, and what came after it.
pub(crate) struct Upgraded {
    pub(crate) agreement: Agreement,
    pub(crate) response: Response<()>,
    /// The first frames, if they came along with the response.
    pub(crate) leftover: Bytes,
}

/// Asks for a WebSocket; nothing more is sent before the answer is there.
pub(crate) async fn upgrade<T>(
    io: &mut T,
    offer: &Offer,
    settings: &Settings,
) -> Result<Upgraded, Cause>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let key = Key::new(random()?);
    let request = offer.request(&key);
    settings.watch.show(&request);
    let sent = send(io, &write_request(&request)).await;
    let received = read_response(io, ResponseReader::new(settings.limits)).await;
    let (response, rest) = received.map_err(|cause| later_cause(sent, cause))?;
    match offer.check(&key, &response) {
        Ok(agreement) => Ok(Upgraded { agreement, response, leftover: rest }),
        Err(ResponseError::Refused(_)) => Err(refusal(io, response, &rest).await),
        Err(error) => Err(Cause::Response(error)),
    }
}

async fn send(io: &mut (impl AsyncWrite + Unpin), request: &[u8]) -> io::Result<()> {
    io.write_all(request).await?;
    io.flush().await
}

/// A server may answer and leave before it has read the request, with a status or a TLS alert; so what
/// failed in sending counts only if nothing was received.
pub(crate) fn later_cause(sent: io::Result<()>, received: Cause) -> Cause {
    match (sent, received) {
        (Err(sent), Cause::Head(HeadError::Ended(0))) => sent.into(),
        (_, received) => received,
    }
}

async fn read_response(
    io: &mut (impl AsyncRead + Unpin),
    mut reader: ResponseReader,
) -> Result<(Response<()>, Bytes), Cause> {
    let mut chunk = BytesMut::with_capacity(CHUNK);
    loop {
        if io.read_buf(&mut chunk).await? == 0 {
            return Err(Cause::Head(reader.ended()));
        }
        if let Some(found) = reader.receive(&chunk).map_err(Cause::Head)? {
            return Ok(found);
        }
        chunk.clear();
    }
}

/// The refusal with as much of its body as comes in good time: it explains, so what is there is worth
/// more than an error about the rest.
async fn refusal(io: &mut (impl AsyncRead + Unpin), response: Response<()>, start: &[u8]) -> Cause {
    let mut body = BodyReader::new(&response, BODY);
    if body.receive(start) == BodyProgress::More {
        let _ = timeout(BODY_PATIENCE, read_body(io, &mut body)).await;
    }
    Cause::Refused(Box::new(response.map(|()| body.into_bytes())))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn told(sent: io::Result<()>, received: Cause) -> String {
        later_cause(sent, received).to_string()
    }

    /// Checklist 9: a TLS alert tells more than the broken pipe that it left behind.
    #[test]
    fn what_was_received_tells_more_than_what_could_not_be_sent() {
        let broken = || io::Error::from(io::ErrorKind::BrokenPipe);
        let alert = || Cause::Io(io::Error::other("alert"));
        assert_eq!(told(Err(broken()), alert()), "alert");
        assert_eq!(told(Ok(()), alert()), "alert");
        let nothing = Cause::Head(HeadError::Ended(0));
        assert_eq!(told(Err(broken()), nothing), broken().to_string());
    }
}
