//! One request of HTTP/1.1 and the head of its answer.

use bytes::{Bytes, BytesMut};
use http::Response;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use wharf_proto::{HandshakeLimits, HeadError, ResponseReader};

/// Room for one read; heads are seldom longer.
pub(crate) const CHUNK: usize = 4 << 10;

/// There is no answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    Io(io::Error),
    Head(HeadError),
}

impl From<io::Error> for Unanswered {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Sends a request and reads an answer's head; gives it with the bytes that came behind it.
pub(crate) async fn exchange<T>(
    io: &mut T,
    request: &[u8],
    limits: HandshakeLimits,
) -> Result<(Response<()>, Bytes), Unanswered>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let sent = send(io, request).await;
    let received = receive(io, ResponseReader::new(limits)).await;
    received.map_err(|error| later(sent, error))
}

async fn send(io: &mut (impl AsyncWrite + Unpin), request: &[u8]) -> io::Result<()> {
    io.write_all(request).await?;
    io.flush().await
}

async fn receive(
    io: &mut (impl AsyncRead + Unpin),
    mut reader: ResponseReader,
) -> Result<(Response<()>, Bytes), Unanswered> {
    let mut chunk = BytesMut::with_capacity(CHUNK);
    loop {
        if io.read_buf(&mut chunk).await? == 0 {
            return Err(Unanswered::Head(reader.ended()));
        }
        if let Some(found) = reader.receive(&chunk).map_err(Unanswered::Head)? {
            return Ok(found);
        }
        chunk.clear();
    }
}

/// A peer may answer and leave before it has read the request, with a status or a TLS alert; so what failed
/// in sending counts only if nothing was received.
pub(crate) fn later(sent: io::Result<()>, received: Unanswered) -> Unanswered {
    match (sent, received) {
        (Err(sent), Unanswered::Head(HeadError::Ended(0))) => sent.into(),
        (_, received) => received,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(sent: io::Result<()>, received: Unanswered) -> String {
        match later(sent, received) {
            Unanswered::Io(error) => error.to_string(),
            Unanswered::Head(error) => error.to_string(),
        }
    }

    /// Checklist 9: a TLS alert tells more than the broken pipe that it left behind.
    #[test]
    fn what_was_received_tells_more_than_what_could_not_be_sent() {
        let broken = || io::Error::from(io::ErrorKind::BrokenPipe);
        let alert = || Unanswered::Io(io::Error::other("alert"));
        assert_eq!(told(Err(broken()), alert()), "alert");
        assert_eq!(told(Ok(()), alert()), "alert");
        let nothing = Unanswered::Head(HeadError::Ended(0));
        assert_eq!(told(Err(broken()), nothing), broken().to_string());
    }
}
