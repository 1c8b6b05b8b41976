//! From a fresh stream to the head of a request.

use super::{
    error::{AcceptError, AcceptStage},
    listener::Arrival,
    request::Connection,
    settings::Settings,
};
use crate::transport::Transport;
use bytes::{Bytes, BytesMut};
use http::{Response, StatusCode};
use std::io;
use tokio::{io::AsyncReadExt, time::Instant};
use wharf_proto::{HeadError, RequestReader};

/// Bytes read at once: most requests come in one piece.
const READ: usize = 2048;

/// The connection after its TLS handshake, if it has one.
#[cfg(feature = "rustls")]
pub(super) async fn secure(
    settings: &Settings,
    arrival: Arrival,
    deadline: Instant,
) -> Result<Connection, AcceptError> {
    let Arrival { transport, peer } = arrival;
    let (io, tls) = match &settings.tls {
        None => (transport, None),
        Some(tls) => {
            // In a box: who speaks no TLS needs no room for it.
            let handshake = Box::pin(tls.accept(transport));
            let (io, facts) = settings.by(deadline, AcceptStage::Tls, handshake).await?;
            (io, Some(facts))
        }
    };
    Ok(Connection { io, leftover: Bytes::new(), peer, tls })
}

/// The connection as it is: this build knows no TLS.
#[cfg(not(feature = "rustls"))]
pub(super) async fn secure(
    _settings: &Settings,
    arrival: Arrival,
    _deadline: Instant,
) -> Result<Connection, AcceptError> {
    let Arrival { transport: io, peer } = arrival;
    Ok(Connection { io, leftover: Bytes::new(), peer })
}

/// The head of the request; what came after it stays with the connection.
pub(super) async fn read_head(
    settings: &Settings,
    connection: &mut Connection,
    deadline: Instant,
) -> Result<http::Request<()>, AcceptError> {
    let mut reader = RequestReader::new(settings.limits);
    let reading = read(&mut connection.io, &mut reader);
    let error = match settings.by(deadline, AcceptStage::Request, reading).await {
        Ok(Ok((head, leftover))) => {
            connection.leftover = leftover;
            return Ok(head);
        }
        Ok(Err(HeadError::Ended(_))) => return Err(AcceptError::Left(AcceptStage::Request)),
        Ok(Err(error)) => AcceptError::Request(error.into()),
        Err(error) => error,
    };
    Err(reject(settings, &mut connection.io, &reader, error).await)
}

async fn read(
    io: &mut Transport,
    reader: &mut RequestReader,
) -> io::Result<Result<(http::Request<()>, Bytes), HeadError>> {
    let mut bytes = BytesMut::with_capacity(READ);
    while io.read_buf(&mut bytes).await? > 0 {
        if let Some(done) = reader.receive(&bytes).transpose() {
            return Ok(done);
        }
        bytes.clear();
    }
    Ok(Err(reader.ended()))
}

/// Answers a head that was not read to its end.
async fn reject(
    settings: &Settings,
    io: &mut Transport,
    reader: &RequestReader,
    error: AcceptError,
) -> AcceptError {
    let begun = reader.ended() != HeadError::Ended(0);
    let response = if let AcceptError::Request(refusal) = &error {
        refusal.response()
    } else if matches!(error, AcceptError::TimedOut(..)) && begun {
        too_slow()
    } else {
        // Who has said nothing, such as a browser's spare connection, expects no answer.
        return error;
    };
    settings.try_to_end_with(io, &response, None).await;
    error
}

/// RFC 9110 §15.5.9.
pub(super) fn too_slow() -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(b"the request took too long\n"));
    *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
    response
}
