//! One attempt to connect, under one deadline.

use super::{
    error::{Cause, ConnectError},
    settings::Settings,
    stage::{Progress, Stage},
    target::{Scheme, Target, UrlError},
    tls::connector::Connector,
    upgrade::upgrade,
};
use crate::socket::websocket::WebSocket;
use http::Response;
use std::{
    fmt,
    future::{Future, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};
use wharf_proto::{Offer, Role};

/// A WebSocket that is being opened: a future of a [`WebSocket`], which does nothing until it is awaited.
///
/// # Errors
/// [`ConnectError`] names the stage that failed or that the deadline struck. A server that answers with
/// another status than 101 is such an error too, and its response is in it.
///
/// # Cancel safety
/// Dropping this leaves nothing behind but a closed socket; what a given stream has carried by then is
/// lost with it. A name resolution under way ends unheard in a thread of the runtime.
#[must_use = "nothing happens until it is awaited"]
pub struct Connecting(Pin<Box<dyn Future<Output = Outcome> + Send>>);

type Outcome = Result<Opened, ConnectError>;

/// A socket, and the response that opened it.
type Opened = (WebSocket, Response<()>);

impl Connecting {
    pub(crate) fn new<T, F>(
        attempt: Result<Attempt, ConnectError>,
        dial: impl FnOnce(Arc<Attempt>) -> F,
    ) -> Self
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
        F: Future<Output = Result<T, Cause>> + Send + 'static,
    {
        match attempt.map(Arc::new) {
            Ok(attempt) => {
                let dialling = dial(Arc::clone(&attempt));
                Self(Box::pin(async move { attempt.run(dialling).await }))
            }
            Err(error) => Self(Box::pin(ready(Err(error)))),
        }
    }

    /// The same, but gives the server's response too, with all its headers.
    ///
    /// # Errors
    /// As for the future itself.
    ///
    /// # Cancel safety
    /// As for the future itself.
    pub async fn with_response(self) -> Result<(WebSocket, Response<()>), ConnectError> {
        self.0.await
    }
}

impl Future for Connecting {
    type Output = Result<WebSocket, ConnectError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx).map_ok(|(socket, _)| socket)
    }
}

impl fmt::Debug for Connecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connecting").finish_non_exhaustive()
    }
}

/// What an attempt knows from its beginning, and how far it has come.
pub(crate) struct Attempt {
    settings: Arc<Settings>,
    target: Target,
    offer: Offer,
    peer: String,
    progress: Progress,
}

impl Attempt {
    /// Everything that can fail before the network is touched, but for TLS.
    pub(crate) fn new(settings: Arc<Settings>, url: &str) -> Result<Self, ConnectError> {
        let target = Target::parse(url)?;
        let offer = settings.request.offer(&target.authority(), target.resource());
        let peer = target.host_and_port();
        Ok(Self {
            settings,
            target,
            offer: offer.map_err(UrlError::from_offer)?,
            peer,
            progress: Progress::new(),
        })
    }

    /// What messages call the other side, if it is not found by host and port.
    #[cfg(unix)]
    pub(crate) fn with_peer(self, peer: impl fmt::Display) -> Self {
        Self { peer: peer.to_string(), ..self }
    }

    pub(crate) const fn target(&self) -> &Target {
        &self.target
    }

    pub(crate) const fn progress(&self) -> &Progress {
        &self.progress
    }

    async fn run<T>(&self, dialling: impl Future<Output = Result<T, Cause>>) -> Outcome
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let opening = self.open(dialling);
        let outcome = match self.settings.deadline {
            None => opening.await,
            Some(limit) => timeout(limit, opening).await.unwrap_or(Err(Cause::TimedOut(limit))),
        };
        outcome.map_err(|cause| ConnectError::new(self.progress.stage(), self.peer.clone(), cause))
    }

    async fn open<T>(
        &self,
        dialling: impl Future<Output = Result<T, Cause>>,
    ) -> Result<Opened, Cause>
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        match self.target.scheme() {
            Scheme::Ws => self.upgrade(dialling.await?).await,
            Scheme::Wss => {
                self.progress.enter(Stage::Tls);
                let tls = Connector::prepare(&self.settings.tls, self.target.host()).await?;
                let io = dialling.await?;
                self.progress.enter(Stage::Tls);
                self.upgrade(tls.secure(io).await?).await
            }
        }
    }

    async fn upgrade<T>(&self, mut io: T) -> Result<Opened, Cause>
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.progress.enter(Stage::Upgrade);
        let upgraded = upgrade(&mut io, &self.offer, &self.settings).await?;
        let config = Arc::clone(&self.settings.config);
        let socket =
            WebSocket::over(io, Role::Client, upgraded.agreement, upgraded.leftover, config)?;
        Ok((socket, upgraded.response))
    }
}
