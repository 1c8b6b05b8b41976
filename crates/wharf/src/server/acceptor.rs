//! From a fresh stream to a request.

use super::{
    error::AcceptError,
    listener::Arrival,
    opening::{introduce, read_head, secure},
    proxies::{
        error::ForwardedError,
        forwarded::{Forwarded, with_host},
    },
    request::{Asked, Connection, Request},
    settings::Settings,
    slots::{Slot, Slots},
};
use crate::{drain::handle::Drain, observe::handshake::Handshake, transport::Transport};
use bytes::Bytes;
use http::{Response, StatusCode};
use std::{fmt, net::SocketAddr, sync::Arc};
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
        self.accept_any(io, None).await
    }

    /// The same for a stream that comes from `peer`: trusted proxies are known by it, and
    /// [`Request::peer_addr`] tells it.
    ///
    /// # Errors
    /// As [`accept`](Self::accept).
    ///
    /// Cancel safety: dropping it closes the connection.
    ///
    /// ```no_run
    /// # use wharf::{Acceptor, ForwardedHeader, TrustedProxies};
    /// # async fn run(listener: tokio::net::TcpListener) -> Result<(), Box<dyn std::error::Error>> {
    /// let proxies = TrustedProxies::new(["10.0.0.0/8"])?;
    /// let acceptor = Acceptor::builder().forwarded(ForwardedHeader::Forwarded, proxies).build();
    /// let (stream, peer) = listener.accept().await?;
    /// let request = acceptor.accept_from(stream, peer).await?;
    /// println!("{:?}, by {:?}", request.client_addr(), request.peer_addr());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn accept_from<T>(&self, io: T, peer: SocketAddr) -> Result<Request, AcceptError>
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.accept_any(io, Some(peer)).await
    }

    async fn accept_any<T>(&self, io: T, peer: Option<SocketAddr>) -> Result<Request, AcceptError>
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let arrival = Arrival { transport: Transport::new(io), peer, client: None };
        let slot = self.slot().await;
        self.receive(slot, Connection::new(arrival)).await
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
        connection: Box<Connection>,
    ) -> Result<Request, AcceptError> {
        let settings = Arc::clone(&self.settings);
        let mut handshake = Handshake::begin(Role::Server, Span::current());
        let asked = ask(&settings, connection).await;
        let Question { head, offered, connection, forwarded } =
            asked.inspect_err(|error| handshake.fail(error))?;
        let asked =
            Asked { head, offered, connection, settings, forwarded, handshake, _slot: slot };
        Ok(Request::new(asked))
    }
}

/// A request in order.
struct Question {
    head: http::Request<()>,
    offered: Offered,
    connection: Box<Connection>,
    forwarded: Option<Box<Forwarded>>,
}

/// A request that the application does not see: what it is answered, and what became of it.
struct Denied {
    head: http::Request<()>,
    connection: Box<Connection>,
    response: Response<Bytes>,
    error: AcceptError,
}

/// One deadline over PROXY header, TLS and request: a peer that trickles bytes gains nothing.
async fn ask(
    settings: &Settings,
    mut connection: Box<Connection>,
) -> Result<Question, AcceptError> {
    let deadline = Instant::now() + settings.within;
    introduce(settings, &mut connection, deadline).await?;
    let mut connection = secure(settings, connection, deadline).await?;
    let head = read_head(settings, &mut connection, deadline).await?;
    match judge(settings, connection, head) {
        Ok(question) => Ok(question),
        // In a box: who asks rightly needs no room for it.
        Err(denied) => Err(Box::pin(denied.answer(settings)).await),
    }
}

/// Whether the application sees the request.
fn judge(
    settings: &Settings,
    connection: Box<Connection>,
    head: http::Request<()>,
) -> Result<Question, Box<Denied>> {
    let forwarded = match forwarded(settings, &connection, &head) {
        Ok(forwarded) => forwarded,
        Err(error) => {
            let response = bad_request(&error);
            let error = AcceptError::Forwarded(error);
            return Err(Box::new(Denied { head, connection, response, error }));
        }
    };
    let (response, error) = match check(settings, &head, forwarded.as_deref()) {
        Ok(offered) => match settings.check() {
            Ok(()) => return Ok(Question { head, offered, connection, forwarded }),
            Err(draining) => (draining.response(), AcceptError::ShuttingDown),
        },
        Err(refusal) => refuse(settings, &head, refusal),
    };
    Err(Box::new(Denied { head, connection, response, error }))
}

/// What trusted proxies say of the request.
fn forwarded(
    settings: &Settings,
    connection: &Connection,
    head: &http::Request<()>,
) -> Result<Option<Box<Forwarded>>, ForwardedError> {
    let Some(believed) = &settings.forwarded else { return Ok(None) };
    let nearest = connection.client.or(connection.peer).map(|address| address.ip());
    Ok(believed.read(nearest, head.headers())?.map(Box::new))
}

/// The page that asks is compared with the host that its client asked for, not with the one that a trusted proxy did.
fn check(
    settings: &Settings,
    head: &http::Request<()>,
    forwarded: Option<&Forwarded>,
) -> Result<Offered, Refusal> {
    let Some(host) = forwarded.and_then(|forwarded| forwarded.host.as_deref()) else {
        return examine(head, &settings.origins);
    };
    let mut asked = head.clone();
    *asked.headers_mut() = with_host(head.headers(), host);
    examine(&asked, &settings.origins)
}

/// A proxy is told so, and its operator can see it there.
fn bad_request(error: &ForwardedError) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(format!("{error}\n")));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

/// What is said to a head that asks for no WebSocket, or not as it should.
fn refuse(
    settings: &Settings,
    head: &http::Request<()>,
    refusal: Refusal,
) -> (Response<Bytes>, AcceptError) {
    if refusal != Refusal::NotWebSocket {
        return (refusal.response(), AcceptError::Request(refusal));
    }
    let response = match &settings.fallback {
        Some(fallback) => fallback(head),
        None => refusal.response(),
    };
    let status = response.status();
    (response, AcceptError::Plain(status))
}

impl Denied {
    async fn answer(mut self: Box<Self>, settings: &Settings) -> AcceptError {
        let (io, method) = (&mut self.connection.io, Some(self.head.method()));
        settings.try_to_end_with(io, &self.response, method).await;
        self.error
    }
}

impl fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acceptor")
            .field("free_handshakes", &self.slots.free())
            .finish_non_exhaustive()
    }
}
