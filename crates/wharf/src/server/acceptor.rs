//! From a fresh stream to a request.

use super::{
    error::AcceptError,
    listener::Arrival,
    opening::{read_head, secure},
    request::{Asked, Connection, Request},
    settings::Settings,
    slots::{Slot, Slots},
};
use crate::{drain::handle::Drain, observe::handshake::Handshake, transport::Transport};
use std::{fmt, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};
use tracing::Span;
use wharf_proto::{Offered, Refusal, Role, examine};

/// Does the server's side of the opening handshake on any stream; cheap to clone, and clones share their cap.
///
/// ```no_run
/// # use wharf::{Accept, AcceptError, Acceptor, Subprotocol};
/// # async fn run(stream: tokio::net::TcpStream) -> Result<(), Box<dyn std::error::Error>> {
/// let chat = Accept::new().subprotocols([Subprotocol::new("chat")?]);
/// let acceptor = Acceptor::builder().accept(chat).build();
/// let request = acceptor.accept(stream).await?;
/// if request.uri().path() != "/chat" {
///     let answer = http::Response::builder().status(404).body("no such room".into())?;
///     return Ok(request.refuse(answer).await?);
/// }
/// let mut socket = request.accept().await?;
/// # Ok(())
/// # }
/// ```
///
/// What is wrong with a request never reaches the application: the acceptor answers it (RFC 6455 §4.2.1) and
/// says so in its error. So it does with the origin of the request (§10.2): by default a browser's page may
/// connect to the host that it came from and to no other.
#[derive(Clone)]
pub struct Acceptor {
    pub(super) settings: Arc<Settings>,
    slots: Slots,
}

impl Acceptor {
    pub(super) fn new(settings: Settings) -> Self {
        Self { slots: Slots::new(settings.handshakes), settings: Arc::new(settings) }
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

    /// The drain that counts its sockets, if need be one of its own.
    pub(super) fn drained(self) -> (Self, Drain) {
        if let Some(drain) = &self.settings.drain {
            let drain = drain.clone();
            return (self, drain);
        }
        let drain = Drain::new();
        let settings = Settings { drain: Some(drain.clone()), ..Settings::clone(&self.settings) };
        (Self { settings: Arc::new(settings), ..self }, drain)
    }

    /// Waits for a handshake to end, if the most are under way.
    pub(super) async fn slot(&self) -> Slot {
        self.slots.take().await
    }

    /// From the first byte to a request, or to an answer that was none of the application's.
    pub(super) async fn receive(
        &self,
        slot: Slot,
        arrival: Arrival,
    ) -> Result<Request, AcceptError> {
        let settings = Arc::clone(&self.settings);
        let mut handshake = Handshake::begin(Role::Server, Span::current());
        let asked = ask(&settings, arrival).await;
        let (head, offered, connection) = asked.inspect_err(|error| handshake.fail(error))?;
        let asked = Asked { head, offered, connection, settings, handshake, _slot: slot };
        Ok(Request::new(asked))
    }
}

/// One deadline over TLS and request: a peer that trickles bytes gains nothing.
async fn ask(
    settings: &Settings,
    arrival: Arrival,
) -> Result<(http::Request<()>, Offered, Connection), AcceptError> {
    let deadline = Instant::now() + settings.within;
    let mut connection = secure(settings, arrival, deadline).await?;
    let head = read_head(settings, &mut connection, deadline).await?;
    match examine(&head, &settings.origins) {
        Ok(offered) => match settings.check() {
            Ok(()) => Ok((head, offered, connection)),
            Err(draining) => {
                let (io, response) = (&mut connection.io, draining.response());
                let method = Some(head.method());
                Box::pin(settings.try_to_end_with(io, &response, method)).await;
                Err(AcceptError::ShuttingDown)
            }
        },
        // In a box: who asks rightly needs no room for it.
        Err(refusal) => Err(Box::pin(answer(settings, &mut connection.io, &head, refusal)).await),
    }
}

/// Answers a head that asks for no WebSocket, or not as it should.
async fn answer(
    settings: &Settings,
    io: &mut Transport,
    head: &http::Request<()>,
    refusal: Refusal,
) -> AcceptError {
    if refusal != Refusal::NotWebSocket {
        settings.try_to_end_with(io, &refusal.response(), Some(head.method())).await;
        return AcceptError::Request(refusal);
    }
    let response = match &settings.fallback {
        Some(fallback) => fallback(head),
        None => refusal.response(),
    };
    settings.try_to_end_with(io, &response, Some(head.method())).await;
    AcceptError::Plain(response.status())
}

impl fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acceptor")
            .field("free_handshakes", &self.slots.free())
            .finish_non_exhaustive()
    }
}
