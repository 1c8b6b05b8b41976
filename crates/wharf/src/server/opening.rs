//! From a fresh stream to the head of a request.

#[cfg(feature = "rustls")]
use super::tls::ServerTls;
use super::{
    error::{AcceptError, AcceptStage},
    proxies::reading,
    request::Connection,
    settings::Settings,
};
use crate::{
    socket::{input, pool},
    transport::Transport,
};
use bytes::Bytes;
use http::{Response, StatusCode};
use std::{
    future::poll_fn,
    io,
    task::{Context, Poll},
};
use tokio::time::{Instant, timeout_at};
use wharf_proto::{HeadError, RequestReader};

/// Bytes read at once: most requests come in one piece, and what comes behind them is kept.
const READ: usize = 2048;

/// Takes the PROXY header off, if one is to be there: who it speaks of is the client from now on.
pub(super) async fn introduce(
    settings: &Settings,
    connection: &mut Connection,
    deadline: Instant,
) -> Result<(), AcceptError> {
    let Some(proxies) = &settings.proxy_protocol else { return Ok(()) };
    if !connection.peer.is_some_and(|peer| proxies.contains(peer.ip())) {
        return Ok(());
    }
    // In a box: connections of others need no room for it.
    let header = timeout_at(deadline, Box::pin(reading::take(&mut connection.io)));
    let header = settings.in_time(AcceptStage::Proxy, header.await)?;
    connection.client = header.map_err(AcceptError::Proxy)?;
    Ok(())
}

/// The connection after its TLS handshake, if it has one.
#[cfg(feature = "rustls")]
pub(super) async fn secure(
    settings: &Settings,
    connection: Box<Connection>,
    deadline: Instant,
) -> Result<Box<Connection>, AcceptError> {
    let Some(tls) = &settings.tls else { return Ok(connection) };
    // In a box: who speaks no TLS needs no room for it.
    let handshake = timeout_at(deadline, Box::pin(speak_tls(tls, connection)));
    settings.in_time(AcceptStage::Tls, handshake.await)
}

#[cfg(feature = "rustls")]
async fn speak_tls(tls: &ServerTls, connection: Box<Connection>) -> io::Result<Box<Connection>> {
    let Connection { io, leftover, peer, client, .. } = *connection;
    let (io, facts) = tls.accept(io).await?;
    Ok(Box::new(Connection { io, leftover, peer, client, tls: Some(facts) }))
}

/// The connection as it is: this build knows no TLS.
#[cfg(not(feature = "rustls"))]
pub(super) async fn secure(
    _settings: &Settings,
    connection: Box<Connection>,
    _deadline: Instant,
) -> Result<Box<Connection>, AcceptError> {
    Ok(connection)
}

/// The head of the request; what came after it stays with the connection.
pub(super) async fn read_head(
    settings: &Settings,
    connection: &mut Connection,
    deadline: Instant,
) -> Result<http::Request<()>, AcceptError> {
    let mut reader = RequestReader::new(settings.limits);
    let reading = timeout_at(deadline, read(&mut connection.io, &mut reader));
    let error = match settings.in_time(AcceptStage::Request, reading.await) {
        Ok(Ok((head, leftover))) => {
            connection.leftover = leftover;
            return Ok(head);
        }
        Ok(Err(HeadError::Ended(_))) => return Err(AcceptError::Left(AcceptStage::Request)),
        Ok(Err(error)) => AcceptError::Request(error.into()),
        Err(error) => error,
    };
    // In a box, as all that is rare: the room of a handshake is taken and given back for each.
    Err(Box::pin(reject(settings, &mut connection.io, &reader, error)).await)
}

async fn read(io: &mut Transport, reader: &mut RequestReader) -> io::Result<Head> {
    loop {
        if let Some(head) = poll_fn(|cx| poll_read(io, reader, cx)).await? {
            return Ok(head);
        }
    }
}

/// A request and what came behind it, or why there is none.
type Head = Result<(http::Request<()>, Bytes), HeadError>;

/// Reads once, into a buffer of the thread's: who waits holds none.
fn poll_read(
    io: &mut Transport,
    reader: &mut RequestReader,
    cx: &mut Context<'_>,
) -> Poll<io::Result<Option<Head>>> {
    let mut bytes = pool::take_read();
    let polled = input::poll_read(io, &mut bytes[..READ], cx).map_ok(|count| match count {
        0 => Some(Err(reader.ended())),
        _ => reader.receive(&bytes[..count]).transpose(),
    });
    pool::give_read(bytes);
    polled
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
