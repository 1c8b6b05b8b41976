//! From a fresh stream to a request.

use super::{
    error::{AcceptError, AcceptStage},
    listener::Arrival,
    request::{Connection, Request},
    settings::{AcceptorBuilder, Settings},
};
use crate::transport::Transport;
use bytes::{Bytes, BytesMut};
use http::{Method, Response, StatusCode};
use std::{fmt, io, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};
use wharf_proto::{HeadError, Refusal, RequestReader, examine};

/// Bytes read at once: most requests come in one piece.
const READ: usize = 2048;

/// Does the server's side of the opening handshake on any stream; cheap to clone, and clones share their cap.
///
/// ```no_run
/// # async fn run(stream: tokio::net::TcpStream) -> Result<(), wharf::AcceptError> {
/// let acceptor = wharf::Acceptor::builder().subprotocols(["chat".parse()?]).build();
/// let request = acceptor.accept(stream).await?;
/// let mut socket = match request.uri().path() {
///     "/chat" => request.accept().await?,
///     _ => return request.refuse(http::Response::builder().status(404).body("no such room".into())?).await,
/// };
/// # Ok(())
/// # }
/// ```
///
/// What is wrong with a request never reaches the application: the acceptor answers it (RFC 6455 §4.2.1) and
/// says so in its error. So it does with the origin of the request (§10.2): by default a browser's page may
/// connect to the host that it came from and to no other.
#[derive(Clone)]
pub struct Acceptor {
    settings: Arc<Settings>,
    slots: Arc<Semaphore>,
}

/// The right to be in a handshake; ends when dropped.
pub(super) struct Slot {
    _permit: OwnedSemaphorePermit,
}

impl Acceptor {
    /// An acceptor of one's own making.
    pub fn builder() -> AcceptorBuilder {
        AcceptorBuilder::default()
    }

    pub(super) fn new(settings: Settings) -> Self {
        let slots = settings.handshakes.clamp(1, Semaphore::MAX_PERMITS);
        Self { settings: Arc::new(settings), slots: Arc::new(Semaphore::new(slots)) }
    }

    /// Reads a request from `io`, after the TLS handshake if there is TLS, and leaves the answer to the
    /// caller. While the cap on handshakes is reached it waits, before anything else, for one to end.
    ///
    /// # Errors
    /// The peer got its answer, if its request was at fault; the connection is closed.
    ///
    /// Cancel safety: dropping it closes the connection.
    pub async fn accept<T>(&self, io: T) -> Result<Request, AcceptError>
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let arrival = Arrival { transport: Transport::new(io), peer: None };
        let slot = self.slot().await;
        self.receive(slot, arrival).await
    }

    /// Waits for a handshake to end, if the most are under way.
    pub(super) async fn slot(&self) -> Slot {
        let permit = Arc::clone(&self.slots).acquire_owned().await;
        Slot { _permit: permit.expect("nobody closes this semaphore") }
    }

    /// One deadline over TLS and request: a peer that trickles bytes gains nothing.
    pub(super) async fn receive(
        &self,
        slot: Slot,
        arrival: Arrival,
    ) -> Result<Request, AcceptError> {
        let settings = Arc::clone(&self.settings);
        let deadline = Instant::now() + settings.within;
        let mut connection = secure(&settings, arrival, deadline).await?;
        let head = read_head(&settings, &mut connection, deadline).await?;
        match examine(&head, &settings.origins) {
            Ok(offered) => {
                Ok(Request { head, offered, connection, settings, seat: None, _slot: slot })
            }
            Err(refusal) => Err(answer_to(&settings, &mut connection.io, &head, refusal).await),
        }
    }
}

/// The connection after its TLS handshake, if it has one.
#[cfg_attr(
    not(feature = "rustls"),
    expect(clippy::unused_async, reason = "with TLS it has to wait")
)]
async fn secure(
    settings: &Settings,
    arrival: Arrival,
    deadline: Instant,
) -> Result<Connection, AcceptError> {
    let Arrival { transport: io, peer } = arrival;
    #[cfg(feature = "rustls")]
    if let Some(tls) = &settings.tls {
        let handshake = settings.by(deadline, AcceptStage::Tls, tls.accept(io));
        let (io, tls) = handshake.await?;
        return Ok(Connection { io, leftover: Bytes::new(), peer, tls: Some(tls) });
    }
    Ok(Connection {
        io,
        leftover: Bytes::new(),
        peer,
        #[cfg(feature = "rustls")]
        tls: None,
    })
}

/// The head of the request; what came after it stays with the connection.
async fn read_head(
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
    let response = match &error {
        AcceptError::Request(refusal) => refusal.response(),
        // Who has said nothing, such as a browser's spare connection, expects no answer.
        AcceptError::TimedOut(..) if reader.ended() != HeadError::Ended(0) => too_slow(),
        _ => return error,
    };
    conclude(settings, io, &response, None).await;
    error
}

/// Answers a head that asks for no WebSocket, or not as it should.
async fn answer_to(
    settings: &Settings,
    io: &mut Transport,
    head: &http::Request<()>,
    refusal: Refusal,
) -> AcceptError {
    let response = match &settings.fallback {
        Some(fallback) if refusal == Refusal::NotWebSocket => fallback(head),
        _ => refusal.response(),
    };
    conclude(settings, io, &response, Some(head.method())).await;
    match refusal {
        Refusal::NotWebSocket => AcceptError::Plain(response.status()),
        refusal => AcceptError::Request(refusal),
    }
}

/// The error that is being answered says more than one that the answer meets.
async fn conclude(
    settings: &Settings,
    io: &mut Transport,
    response: &Response<Bytes>,
    method: Option<&Method>,
) {
    if let Err(error) = settings.end_with(io, response, method).await {
        tracing::debug!(%error, "the answer did not go out");
    }
}

/// RFC 9110 §15.5.9.
fn too_slow() -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(b"the request took too long\n"));
    *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
    response
}

impl Default for Acceptor {
    /// Every default of [`AcceptorBuilder`].
    fn default() -> Self {
        Self::builder().build()
    }
}

impl fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acceptor")
            .field("free_handshakes", &self.slots.available_permits())
            .finish_non_exhaustive()
    }
}
