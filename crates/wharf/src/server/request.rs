//! A request that awaits its answer.

#[cfg(feature = "rustls")]
use super::tls::PeerTls;
use super::{
    accept::Accept,
    error::{AcceptError, AcceptStage},
    listener::Arrival,
    proxies::forwarded::Forwarded,
    settings::Settings,
    slots::Slot,
};
use crate::{
    drain::handle::Drain,
    entropy::mask_seed,
    observe::{handshake::Handshake, verdict::Verdict},
    socket::websocket::WebSocket,
    transport::Transport,
};
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, Uri};
use std::{
    fmt,
    future::poll_fn,
    io,
    mem::MaybeUninit,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncRead, AsyncWriteExt, ReadBuf},
    time::{Instant, timeout_at},
};
use wharf_proto::{Offered, Role, Subprotocol};

/// A client's request for a WebSocket, in order and not answered yet.
///
/// Dropping it closes the connection without an answer. While it waits nothing more is read from the client.
///
/// It is as small as a pointer: the future of a handler that holds it stays small.
pub struct Request(Box<Asked>);

/// What is known of a request.
pub(super) struct Asked {
    pub(super) head: http::Request<()>,
    pub(super) offered: Offered,
    /// In a box: it moves through every step of a handshake, each of which would have room for it.
    pub(super) connection: Box<Connection>,
    pub(super) settings: Arc<Settings>,
    /// In a box: few requests come through a trusted proxy.
    pub(super) forwarded: Option<Box<Forwarded>>,
    pub(super) handshake: Handshake,
    /// Released with the request: the handshake is over then.
    pub(super) _slot: Slot,
}

/// The stream that a request came on.
pub(super) struct Connection {
    pub(super) io: Transport,
    /// Bytes after the head: frames already, if the request is accepted (RFC 6455 §4.2.2).
    pub(super) leftover: Bytes,
    pub(super) peer: Option<SocketAddr>,
    /// Whom a PROXY header names.
    pub(super) client: Option<SocketAddr>,
    #[cfg(feature = "rustls")]
    pub(super) tls: Option<PeerTls>,
}

impl Request {
    pub(super) fn new(asked: Asked) -> Self {
        Self(Box::new(asked))
    }

    /// Method, URI, version and headers as they came.
    pub fn head(&self) -> &http::Request<()> {
        &self.0.head
    }

    /// What the client asks for, such as `/chat?room=1`.
    pub fn uri(&self) -> &Uri {
        self.0.head.uri()
    }

    /// All headers as they came.
    pub fn headers(&self) -> &HeaderMap {
        self.0.head.headers()
    }

    /// The subprotocols that the client offers, the one it likes best first.
    pub fn subprotocols(&self) -> &[Subprotocol] {
        self.0.offered.subprotocols()
    }

    /// The page that connects, if the client is a browser; the acceptor's policy has let it in.
    pub fn origin(&self) -> Option<&str> {
        self.0.offered.origin()
    }

    /// The address at the other end: of a proxy, if there is one. None for a unix socket, and for streams
    /// given to [`Acceptor::accept`](crate::Acceptor::accept), whose caller knows it.
    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.0.connection.peer
    }

    /// The address of the client, also behind proxies that the acceptor trusts
    /// ([`forwarded`](crate::AcceptorBuilder::forwarded),
    /// [`proxy_protocol`](crate::AcceptorBuilder::proxy_protocol)); without such proxies that of the
    /// [peer](Self::peer_addr). The cap for each address goes by it.
    pub fn client_addr(&self) -> Option<IpAddr> {
        let connection = &self.0.connection;
        let nearest = connection.client.or(connection.peer).map(|address| address.ip());
        self.0.forwarded.as_ref().map(|forwarded| forwarded.client).or(nearest)
    }

    /// What trusted proxies say of the request. `None` if it came from no such proxy, whatever its headers say.
    pub fn forwarded(&self) -> Option<&Forwarded> {
        self.0.forwarded.as_deref()
    }

    /// What TLS knows of the client, if the acceptor speaks TLS.
    #[cfg(feature = "rustls")]
    pub fn tls(&self) -> Option<&PeerTls> {
        self.0.connection.tls.as_ref()
    }

    /// Says yes, as the acceptor's settings say.
    ///
    /// # Errors
    /// As [`accept_with`](Self::accept_with).
    ///
    /// Cancel safety: dropping it closes the connection.
    pub async fn accept(self) -> Result<WebSocket, AcceptError> {
        // In a box that is gone when the socket is open: the caller's future stays small.
        Box::pin(self.0.open(None)).await
    }

    /// Says yes on these terms, which replace the acceptor's: writes the 101 (RFC 6455 §4.2.2).
    ///
    /// # Errors
    /// [`AcceptError::Left`] if the client is gone already; nothing is written then. [`AcceptError::Io`] and
    /// [`AcceptError::TimedOut`] if the 101 does not go out. [`AcceptError::Answer`] if the terms do not fit
    /// the offer, [`AcceptError::ShuttingDown`] if a drain has begun; the client is told 500 or
    /// 503. The connection is closed.
    ///
    /// Cancel safety: dropping it closes the connection.
    pub async fn accept_with(self, accept: Accept) -> Result<WebSocket, AcceptError> {
        Box::pin(self.0.open(Some(Box::new(accept)))).await
    }

    /// Says no with any final status, headers and body; length and `Connection: close` are written by wharf,
    /// and a 1xx becomes 500. Then closes our side, and waits a moment for the client to go, so that no reset
    /// overtakes the answer.
    ///
    /// # Errors
    /// The answer did not go out whole.
    ///
    /// Cancel safety: dropping it closes the connection.
    pub async fn refuse(self, response: Response<Bytes>) -> Result<(), AcceptError> {
        Box::pin(self.0.refuse(response)).await
    }

    /// A refusal that comes now is for this reason, and not the application's.
    pub(super) fn blame(&mut self, cause: &'static str) {
        self.0.handshake.blame(cause);
    }
}

impl Asked {
    /// On the acceptor's terms, unless there are others.
    async fn open(
        mut self: Box<Self>,
        terms: Option<Box<Accept>>,
    ) -> Result<WebSocket, AcceptError> {
        let pass = match self.settings.drain.as_ref().map(Drain::admit).transpose() {
            Ok(pass) => pass,
            Err(draining) => {
                self.handshake.fail(&AcceptError::ShuttingDown);
                self.turn_down(draining.response()).await;
                return Err(AcceptError::ShuttingDown);
            }
        };
        let accept = terms.as_deref().unwrap_or(&self.settings.accept);
        let (head, agreement, config) = match accept.answer(&self.offered) {
            Ok(answer) => answer,
            Err(error) => {
                let error = AcceptError::Answer(error);
                self.handshake.fail(&error);
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                self.turn_down(response).await;
                return Err(error);
            }
        };
        let deadline = Instant::now() + self.settings.within;
        let switched = timeout_at(deadline, self.connection.switch(&head)).await;
        let switched = self.settings.in_time(AcceptStage::Answer, switched);
        switched.inspect_err(|error| self.handshake.fail(error))?;
        let Self { connection, mut handshake, .. } = *self;
        let Connection { io, leftover, .. } = *connection;
        let seed =
            mask_seed(Role::Server).map_err(|error| AcceptError::Io(AcceptStage::Answer, error))?;
        let open = || WebSocket::new(io, Role::Server, agreement, leftover, config, seed);
        let mut socket = handshake.open(open);
        handshake.end(Verdict::ACCEPTED);
        if let Some(pass) = pass {
            pass.open(&mut socket);
        }
        Ok(socket)
    }

    async fn refuse(mut self: Box<Self>, response: Response<Bytes>) -> Result<(), AcceptError> {
        self.handshake.refused(response.status());
        let method = self.head.method();
        self.settings.end_with(&mut self.connection.io, &response, Some(method)).await
    }

    async fn turn_down(self: Box<Self>, response: Response<Bytes>) {
        if let Err(error) = Box::pin(self.refuse(response)).await {
            tracing::debug!(%error, "the refusal did not go out");
        }
    }
}

impl Connection {
    /// As it came from the backlog.
    pub(super) fn new(arrival: Arrival) -> Box<Self> {
        let Arrival { transport: io, peer, client } = arrival;
        Box::new(Self {
            io,
            leftover: Bytes::new(),
            peer,
            client,
            #[cfg(feature = "rustls")]
            tls: None,
        })
    }

    /// Writes the 101, unless the client has left.
    async fn switch(&mut self, head: &[u8]) -> io::Result<()> {
        poll_fn(|cx| glance(&mut self.io, &mut self.leftover, cx)).await?;
        self.io.write_all(head).await?;
        self.io.flush().await
    }
}

/// Looks, once and without waiting, whether the client has closed its side; bytes that came meanwhile go to the
/// leftover.
fn glance(io: &mut Transport, leftover: &mut Bytes, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
    let mut bytes = [const { MaybeUninit::uninit() }; 1024];
    let mut room = ReadBuf::uninit(&mut bytes);
    match Pin::new(io).poll_read(cx, &mut room) {
        Poll::Ready(Ok(())) if room.filled().is_empty() => {
            Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()))
        }
        Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        Poll::Ready(Ok(())) | Poll::Pending => {
            if !room.filled().is_empty() {
                *leftover = [leftover, room.filled()].concat().into();
            }
            Poll::Ready(Ok(()))
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("path", &self.uri().path())
            .field("peer_addr", &self.peer_addr())
            .finish_non_exhaustive()
    }
}
