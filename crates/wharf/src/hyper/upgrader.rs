//! From a request of hyper's to an offer.

use super::{rejection::UpgradeRejection, settings::Settings, takeout, upgrade::Upgrade};
use crate::{
    drain::{handle::Drain, pass::Pass},
    observe::{handshake::Handshake, span},
    server::accept::Accept,
};
use ::hyper::upgrade::OnUpgrade;
use bytes::Bytes;
use http::{Request, Version};
use std::{fmt, sync::Arc, time::Duration};
use tokio::io::{AsyncRead, AsyncWrite};
use tracing::Span;
use wharf_proto::{Offered, OriginPolicy, Refusal, Role, examine};

/// Makes WebSockets out of requests that hyper has read; cheap to clone.
///
/// ```
/// use wharf::{Accept, OriginPolicy, Subprotocol, hyper::Upgrader};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let upgrader = Upgrader::new()
///     .origins(OriginPolicy::only(["https://app.example"])?)
///     .accept(Accept::new().subprotocols([Subprotocol::new("chat")?]));
/// # let request = http::Request::new(());
/// // For each request:
/// # let mut request = request;
/// let answer = match upgrader.upgrade(&mut request) {
///     Ok(upgrade) => upgrade.on_upgrade(|socket| async move { drop(socket) }),
///     Err(rejection) => rejection.response(),
/// };
/// assert_eq!(answer.status(), 426);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Upgrader {
    settings: Arc<Settings>,
}

/// A request's offer, by an [`Upgrader`] with every default.
///
/// # Errors
/// As [`Upgrader::upgrade`].
pub fn upgrade<B>(request: &mut Request<B>) -> Result<Upgrade, UpgradeRejection> {
    Upgrader::new().upgrade(request)
}

impl Upgrader {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a request is answered with, unless its handler has [terms](Upgrade::with_accept) of its own:
    /// subprotocols, compression, headers, limits and timeouts. Default: `Accept::new()`.
    #[must_use]
    pub fn accept(mut self, accept: Accept) -> Self {
        Arc::make_mut(&mut self.settings).accept = accept;
        self
    }

    /// Counts the sockets that are opened, and refuses new ones with 503 and `Retry-After` while it drains;
    /// several upgraders may share one. Default: none.
    ///
    /// A graceful shutdown of hyper's or axum's knows nothing of connections that were upgraded: await
    /// [`Drain::drained`] beside it.
    #[must_use]
    pub fn drain(mut self, drain: &Drain) -> Self {
        Arc::make_mut(&mut self.settings).drain = Some(drain.clone());
        self
    }

    /// Which web pages may connect. Default: [`OriginPolicy::same_host`].
    #[must_use]
    pub fn origins(mut self, policy: OriginPolicy) -> Self {
        Arc::make_mut(&mut self.settings).origins = policy;
        self
    }

    /// How long it may take from the answer until hyper has written it and hands the connection over.
    /// Default: 10 s.
    #[must_use]
    pub fn timeout(mut self, within: Duration) -> Self {
        Arc::make_mut(&mut self.settings).within = within;
        self
    }

    /// Takes this type of stream out of hyper too, where it was served as `TokioIo<T>`: it spares a
    /// connection of a type of your own one of two boxes. Types that wharf knows need no word (see the
    /// [module](super)).
    #[must_use]
    pub fn stream<T>(self) -> Self
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.take_out(|stream: T| (stream, Bytes::new()))
    }

    /// Takes a stream out of hyper and out of a wrapper of your own, where it was served as `TokioIo<S>`:
    /// `take` gives what is inside, and what the wrapper has read from it already. A `TcpStream` or
    /// `UnixStream` that comes out is not boxed at all.
    ///
    /// ```
    /// use tokio::net::TcpStream;
    /// use wharf::{Bytes, hyper::Upgrader};
    /// # use std::{io, pin::Pin, task::{Context, Poll}};
    /// # use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
    ///
    /// /// Counts bytes, say.
    /// struct Counted(TcpStream);
    /// # impl AsyncRead for Counted {
    /// #     fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
    /// #         Pin::new(&mut self.0).poll_read(cx, buf)
    /// #     }
    /// # }
    /// # impl AsyncWrite for Counted {
    /// #     fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
    /// #         Pin::new(&mut self.0).poll_write(cx, buf)
    /// #     }
    /// #     fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
    /// #         Pin::new(&mut self.0).poll_flush(cx)
    /// #     }
    /// #     fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
    /// #         Pin::new(&mut self.0).poll_shutdown(cx)
    /// #     }
    /// # }
    ///
    /// let upgrader = Upgrader::new().take_out(|Counted(tcp)| (tcp, Bytes::new()));
    /// # drop(upgrader);
    /// ```
    #[must_use]
    pub fn take_out<S, T>(mut self, take: impl Fn(S) -> (T, Bytes) + Send + Sync + 'static) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let own = Arc::new(move |upgraded| takeout::unwrapped(upgraded, &take));
        Arc::make_mut(&mut self.settings).own.push(own);
        self
    }

    /// A request's offer, if it asks for a WebSocket and nothing is wrong with it; the connection is now the
    /// offer's.
    ///
    /// # Errors
    /// Why there will be no WebSocket; answer with [`UpgradeRejection::response`]. The request is as it was.
    pub fn upgrade<B>(&self, request: &mut Request<B>) -> Result<Upgrade, UpgradeRejection> {
        match self.take(request) {
            Ok((offered, connection, pass)) => {
                let span = span::of_stranger(Role::Server);
                let handshake = Handshake::begin(Role::Server, span);
                let settings = Arc::clone(&self.settings);
                Ok(Upgrade::new(offered, connection, pass, settings, handshake))
            }
            Err(rejection) => {
                // What asks for no WebSocket is no handshake: most requests of an application are such.
                if !rejection.is_plain() {
                    Handshake::begin(Role::Server, Span::current()).fail(&rejection);
                }
                Err(rejection)
            }
        }
    }

    fn take<B>(&self, request: &mut Request<B>) -> Result<Taken, UpgradeRejection> {
        // HTTP/2 asks in another way (RFC 8441 §4). What it would offer is the same, and so is what follows.
        if request.version() > Version::HTTP_11 {
            return Err(Refusal::HttpVersion(request.version()).into());
        }
        let offered = examine(request, &self.settings.origins)?;
        let pass = self.settings.drain.as_ref().map(Drain::admit).transpose()?;
        let connection = request.extensions_mut().remove::<OnUpgrade>();
        let connection = connection.ok_or(UpgradeRejection::NoConnection)?;
        Ok((offered, connection, pass))
    }
}

/// What a request in order gives.
type Taken = (Offered, OnUpgrade, Option<Pass>);

impl fmt::Debug for Upgrader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgrader")
            .field("accept", &self.settings.accept)
            .field("origins", &self.settings.origins)
            .field("timeout", &self.settings.within)
            .finish_non_exhaustive()
    }
}
