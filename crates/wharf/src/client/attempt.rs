//! One attempt to connect, under one deadline.

use super::{
    error::{Cause, ConnectError},
    headers::compose,
    proxy::tunnel::Tunnelling,
    redirect::{Standing, Trail},
    settings::{Settings, dress},
    stage::{Peer, Progress, Stage},
    target::{Scheme, Target, UrlError},
    tls::connector::Connector,
    upgrade::{Answer, Opened, upgrade},
};
use crate::{
    observe::{handshake::Handshake, span, verdict::Verdict},
    socket::websocket::WebSocket,
    transport::Transport,
};
use http::{HeaderMap, Response};
use std::{
    fmt,
    future::{Future, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::time::timeout;
use tracing::Instrument;
use wharf_proto::{Offer, Role};

/// A WebSocket that is being opened: a future of a [`WebSocket`], which does nothing until it is awaited.
///
/// # Errors
/// [`ConnectError`] names the stage that failed or that the deadline struck. A server that answers with
/// another status than 101 is such an error too, and its response is in it.
///
/// # Cancel safety
/// Dropping this leaves nothing behind but a closed socket; what a given stream has carried by then is
/// lost with it. What waits for a resolver, a connector, a proxy or a server is dropped at once. A name
/// resolution of the system's that is under way ends unheard in a thread of the runtime, for which the
/// runtime's end waits unless it is
/// [`shutdown_background`](tokio::runtime::Runtime::shutdown_background).
#[must_use = "nothing happens until it is awaited"]
pub struct Connecting(Pin<Box<dyn Future<Output = Outcome> + Send>>);

type Outcome = Result<Opened, ConnectError>;

impl Connecting {
    pub(crate) fn new<F>(
        attempt: Result<Attempt, ConnectError>,
        way: impl FnOnce(Arc<Attempt>) -> F,
    ) -> Self
    where
        F: Future<Output = Result<Opened, Cause>> + Send + 'static,
    {
        match attempt.map(Arc::new) {
            Ok(attempt) => {
                let opening = way(Arc::clone(&attempt));
                Self(Box::pin(async move { attempt.run(opening).await }))
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
    /// The request without headers of the caller's.
    offer: Offer,
    peer: Peer,
    progress: Progress,
}

impl Attempt {
    /// Everything that can fail before the network is touched, but for TLS and for headers that are made.
    pub(crate) fn new(settings: Arc<Settings>, url: &str) -> Result<Self, ConnectError> {
        let target = Target::parse(url)?;
        let offer = offer(&settings, &target)?;
        let peer = Peer::Server(target.host_and_port());
        Ok(Self { settings, target, offer, progress: Progress::new(peer.clone()), peer })
    }

    /// What messages call the other side, if it is not found by host and port.
    #[cfg(unix)]
    pub(crate) fn with_peer(self, peer: impl fmt::Display) -> Self {
        let peer = Peer::Server(peer.to_string());
        Self { progress: Progress::new(peer.clone()), peer, ..self }
    }

    pub(crate) const fn peer(&self) -> &Peer {
        &self.peer
    }

    pub(crate) const fn progress(&self) -> &Progress {
        &self.progress
    }

    async fn run(&self, opening: impl Future<Output = Result<Opened, Cause>>) -> Outcome {
        let span = span::connection(Role::Client, Some(&self.peer));
        let mut handshake = Handshake::begin(Role::Client, span.clone());
        let opening = opening.instrument(span);
        let outcome = match self.settings.deadline {
            None => opening.await,
            Some(limit) => timeout(limit, opening).await.unwrap_or(Err(Cause::TimedOut(limit))),
        };
        let outcome = outcome.map_err(|cause| {
            let (stage, peer) = self.progress.place();
            ConnectError::new(stage, peer, cause)
        });
        // What an error says may come from the caller's own code, or hold a URL: the caller hears it, the log not.
        handshake.end(outcome.as_ref().map_or_else(Verdict::from, |_| Verdict::ACCEPTED));
        outcome
    }

    /// Opens over a stream that only leads to one place, so no redirect is followed.
    pub(crate) async fn over(
        &self,
        dialling: impl Future<Output = Result<Transport, Cause>>,
    ) -> Result<Opened, Cause> {
        let fresh = self.fresh_headers().await?;
        let offer = self.dress(self.offer.clone(), &fresh, Standing::Named)?;
        let hop = Hop { attempt: self, target: &self.target, peer: &self.peer };
        match hop.open(&offer, dialling).await? {
            Answer::Opened(opened) => Ok(*opened),
            Answer::Refused(refusal) => Err(refusal.into_cause().await),
        }
    }

    /// Opens over the network, along redirects if these are to be followed.
    pub(crate) async fn by_network(&self) -> Result<Opened, Cause> {
        let fresh = self.fresh_headers().await?;
        let mut trail = Trail::new(self.settings.redirects, &self.target);
        let (mut target, mut offer, mut peer) =
            (self.target.clone(), self.offer.clone(), self.peer.clone());
        loop {
            let dressed = self.dress(offer, &fresh, trail.standing())?;
            let hop = Hop { attempt: self, target: &target, peer: &peer };
            let refusal = match hop.open(&dressed, hop.dial()).await? {
                Answer::Opened(opened) => return Ok(*opened),
                Answer::Refused(refusal) => refusal,
            };
            match trail.next(&target, refusal.response()).map_err(Cause::Redirect)? {
                None => return Err(refusal.into_cause().await),
                Some(next) => target = next,
            }
            offer = self::offer(&self.settings, &target).map_err(Cause::Url)?;
            peer = Peer::Server(target.host_and_port());
        }
    }

    async fn fresh_headers(&self) -> Result<HeaderMap, Cause> {
        if self.settings.hook.is_set() {
            self.progress.enter(Stage::Headers, &self.peer);
        }
        self.settings.hook.make(&self.target).await.map_err(Cause::Headers)
    }

    fn dress(&self, offer: Offer, fresh: &HeaderMap, standing: Standing) -> Result<Offer, Cause> {
        let headers = compose(&self.settings.request.headers, &self.target, fresh, standing);
        dress(offer, &headers).map_err(|error| Cause::Headers(error.into()))
    }
}

fn offer(settings: &Settings, target: &Target) -> Result<Offer, UrlError> {
    let offer = settings.request.offer(&target.authority(), target.resource());
    offer.map_err(UrlError::from_offer)
}

/// One server that is asked.
struct Hop<'a> {
    attempt: &'a Attempt,
    target: &'a Target,
    peer: &'a Peer,
}

impl Hop<'_> {
    /// A stream to the server, through a proxy if one is set.
    async fn dial(&self) -> Result<Transport, Cause> {
        let (settings, progress) = (&self.attempt.settings, &self.attempt.progress);
        match settings.proxies.choose(self.target) {
            None => {
                let (host, port) = (self.target.host(), self.target.port());
                settings.network.dial(host, port, self.peer, progress).await
            }
            Some(proxy) => {
                let limits = settings.limits;
                let tunnelling = Tunnelling { network: &settings.network, limits, progress };
                tunnelling.open(proxy, self.target).await
            }
        }
    }

    async fn open(
        &self,
        offer: &Offer,
        dialling: impl Future<Output = Result<Transport, Cause>>,
    ) -> Result<Answer, Cause> {
        let (settings, progress) = (&self.attempt.settings, &self.attempt.progress);
        let io = match self.target.scheme() {
            Scheme::Ws => dialling.await?,
            Scheme::Wss => {
                progress.enter(Stage::Tls, self.peer);
                let tls = Connector::prepare(&settings.tls, self.target.host()).await?;
                let io = dialling.await?;
                progress.enter(Stage::Tls, self.peer);
                Transport::new(tls.secure(io).await?)
            }
        };
        progress.enter(Stage::Upgrade, self.peer);
        upgrade(io, offer, settings).await
    }
}
