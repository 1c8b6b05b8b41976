//! The blocking client.

use super::{
    dial::{Way, dial, timed_out},
    upgrade::{Wire, cause, upgrade},
};
use crate::{
    blocking::{
        clock::Until,
        drive::Opened,
        raw::Raw,
        stream::Stream,
        tls::{Sealed, Session},
        transport::Transport,
        websocket::WebSocket,
    },
    client::{
        connect::Client as AsyncClient,
        error::{Cause, ConnectError},
        headers::compose,
        redirect::Standing,
        settings::{Settings, dress},
        stage::{Peer, Progress, Stage},
        target::{Host, Scheme, Target, UrlError},
        tls::settings::Tls,
        unsupported::Unsupported,
    },
    observe::{handshake::Handshake, span, verdict::Verdict},
};
use http::{HeaderMap, Response};
use std::sync::{Arc, LazyLock};
use wharf_proto::{Offer, Role};

/// Opens a WebSocket with the default settings, and blocks until it is open or has failed.
///
/// # Errors
/// [`ConnectError`] names the stage that failed or that the deadline struck. A server that answers with another status
/// than 101 is such an error too, and its response is in it.
///
/// # Blocking
/// At most ten seconds, over all stages.
///
/// ```no_run
/// let mut socket = wharf::blocking::connect("wss://example.com/chat")?;
/// # Ok::<_, wharf::ConnectError>(())
/// ```
pub fn connect(url: impl AsRef<str>) -> Result<WebSocket, ConnectError> {
    static DEFAULT: LazyLock<Client> = LazyLock::new(|| AsyncClient::default().into());
    DEFAULT.connect(url)
}

/// Opens blocking WebSockets with the settings of a [`wharf::Client`](crate::Client). Cheap to clone; clones share
/// settings and resumable TLS sessions.
///
/// Proxies, redirects, headers made per attempt, resolvers and dialers are not for this client. One that has such a
/// setting does not connect without it: its attempts fail with [`ConnectError::unsupported`]. What only matters on
/// the network (all but headers made per attempt) does not keep it from [`connect_over`](Self::connect_over).
///
/// ```
/// use std::time::Duration;
///
/// let settings = wharf::Client::builder().deadline(Duration::from_secs(3)).build();
/// let client = wharf::blocking::Client::from(settings);
/// # let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
/// assert!(client.connect(format!("ws://{port}/")).is_err(), "nobody listens there");
/// ```
#[derive(Debug, Clone)]
pub struct Client(Arc<Settings>);

impl From<AsyncClient> for Client {
    fn from(client: AsyncClient) -> Self {
        Self(Arc::clone(client.settings()))
    }
}

impl Client {
    /// Connects over TCP to the first address of the host that answers (RFC 8305), with TLS for `wss://`.
    ///
    /// # Errors
    /// As [`connect`].
    ///
    /// # Blocking
    /// For the client's deadline at most. A name resolution that is not over by then ends unheard in a thread.
    pub fn connect(&self, url: impl AsRef<str>) -> Result<WebSocket, ConnectError> {
        self.connect_with_response(url).map(|(socket, _)| socket)
    }

    /// The same, but gives the server's response too, with all its headers.
    ///
    /// # Errors
    /// As [`connect`].
    pub fn connect_with_response(
        &self,
        url: impl AsRef<str>,
    ) -> Result<(WebSocket, Response<()>), ConnectError> {
        let attempt = Attempt::new(&self.0, url.as_ref())?;
        attempt.run(Attempt::dial)
    }

    /// Connects over a given stream. For `wss://`, TLS is spoken over it. Nothing is resolved: the URL's host stands in
    /// the `Host` header and in the certificate.
    ///
    /// # Errors
    /// As [`connect`].
    pub fn connect_over(
        &self,
        io: impl Into<Stream>,
        url: impl AsRef<str>,
    ) -> Result<WebSocket, ConnectError> {
        let attempt = Attempt::new(&self.0, url.as_ref())?;
        attempt.run(|_| Ok(io.into())).map(|(socket, _)| socket)
    }

    /// Connects over the Unix domain socket at `path`. The URL serves as for [`connect_over`](Self::connect_over).
    ///
    /// # Errors
    /// As [`connect`].
    #[cfg(unix)]
    pub fn connect_unix(
        &self,
        path: impl AsRef<std::path::Path>,
        url: impl AsRef<str>,
    ) -> Result<WebSocket, ConnectError> {
        let path = path.as_ref();
        let mut attempt = Attempt::new(&self.0, url.as_ref())?;
        attempt.peer = Peer::Server(path.display().to_string());
        let opened = attempt.run(|attempt| {
            attempt.progress.enter(Stage::Connect, &attempt.peer);
            Ok(std::os::unix::net::UnixStream::connect(path)?.into())
        });
        opened.map(|(socket, _)| socket)
    }
}

/// One attempt, under one deadline.
struct Attempt<'a> {
    settings: &'a Settings,
    target: Target,
    offer: Offer,
    peer: Peer,
    progress: Progress,
    until: Until,
}

impl<'a> Attempt<'a> {
    /// Everything that can fail before the network is touched, but for TLS.
    fn new(settings: &'a Settings, url: &str) -> Result<Self, ConnectError> {
        let target = Target::parse(url)?;
        let offer = settings.request.offer(&target.authority(), target.resource());
        let peer = Peer::Server(target.host_and_port());
        Ok(Self {
            settings,
            offer: offer.map_err(UrlError::from_offer)?,
            progress: Progress::new(peer.clone()),
            peer,
            target,
            until: Until::within(settings.deadline),
        })
    }

    fn run(
        self,
        dial: impl FnOnce(&Self) -> Result<Stream, Cause>,
    ) -> Result<(WebSocket, Response<()>), ConnectError> {
        let span = span::connection(Role::Client, Some(&self.peer));
        let mut handshake = Handshake::begin(Role::Client, span);
        let opened = handshake.open(|| self.open(dial));
        let opened = opened.map_err(|cause| {
            let (stage, peer) = self.progress.place();
            ConnectError::new(stage, peer, cause)
        });
        handshake.end(opened.as_ref().map_or_else(Verdict::from, |_| Verdict::ACCEPTED));
        opened
    }

    /// A stream over the network.
    fn dial(&self) -> Result<Stream, Cause> {
        self.refuse(Unsupported::by_network(self.settings, &self.target))?;
        let (target, peer, progress) = (&self.target, &self.peer, &self.progress);
        let way = Way { target, peer, tcp: &self.settings.network.tcp, progress };
        dial(&way, self.until).map(|tcp| Stream(Raw::tcp_as_set(tcp)))
    }

    /// Nothing that was set is passed over: a proxy least of all.
    fn refuse(&self, unsupported: Option<Unsupported>) -> Result<(), Cause> {
        let Some(setting) = unsupported else { return Ok(()) };
        self.progress.enter(setting.stage(), &self.peer);
        Err(setting.into())
    }

    /// The request with the headers of the client and of the URL.
    fn dressed(&self) -> Result<Offer, Cause> {
        let own = &self.settings.request.headers;
        let headers = compose(own, &self.target, &HeaderMap::new(), Standing::Named);
        dress(self.offer.clone(), &headers).map_err(|error| Cause::Headers(error.into()))
    }

    fn open(
        &self,
        dial: impl FnOnce(&Self) -> Result<Stream, Cause>,
    ) -> Result<(WebSocket, Response<()>), Cause> {
        self.refuse(Unsupported::for_all(self.settings))?;
        let offer = self.dressed()?;
        let session = self.session()?;
        // The platform's roots may have taken all the time.
        self.until.left().ok_or_else(|| timed_out(self.until))?;
        let transport = Transport::new(dial(self)?.0, session);
        let mut sealed = Sealed::default();
        self.secure(&transport, &mut sealed)?;
        self.progress.enter(Stage::Upgrade, &self.peer);
        let mut wire = Wire { transport: &transport, sealed: &mut sealed, until: self.until };
        let upgraded = upgrade(&mut wire, &offer, self.settings)?;
        let (agreement, leftover) = (upgraded.agreement, upgraded.leftover);
        let opened = Opened { transport, sealed, agreement, leftover };
        let socket = WebSocket::opened(opened, Role::Client, Arc::clone(&self.settings.config))?;
        Ok((socket, upgraded.response))
    }

    fn session(&self) -> Result<Option<Session>, Cause> {
        match self.target.scheme() {
            Scheme::Ws => Ok(None),
            Scheme::Wss => {
                self.progress.enter(Stage::Tls, &self.peer);
                session(&self.settings.tls, self.target.host()).map(Some)
            }
        }
    }

    fn secure(&self, transport: &Transport, sealed: &mut Sealed) -> Result<(), Cause> {
        if self.target.scheme() == Scheme::Wss {
            self.progress.enter(Stage::Tls, &self.peer);
            transport
                .shake_hands(sealed, self.until)
                .map_err(|broken| cause(broken, self.until))?;
            check(transport)?;
        }
        Ok(())
    }
}

/// Everything about TLS that can fail before the network is touched.
#[cfg(feature = "rustls")]
fn session(tls: &Tls, host: &Host) -> Result<Session, Cause> {
    let name = crate::client::tls::connector::server_name(host)?;
    Ok(Session::client(tls.config()?, name)?)
}

#[cfg(not(feature = "rustls"))]
fn session(_tls: &Tls, _host: &Host) -> Result<Session, Cause> {
    Err(crate::client::tls::error::TlsError.into())
}

/// The upgrade may be sent inside HTTP/1.1 only.
#[cfg(feature = "rustls")]
fn check(transport: &Transport) -> Result<(), Cause> {
    use crate::client::tls::error::{TlsError, TlsFault};
    let agreed = |session: &Session| session.look(|tls| tls.alpn_protocol() == Some(b"h2"));
    if transport.session().is_some_and(agreed) {
        return Err(TlsError::from(TlsFault::Http2).into());
    }
    Ok(())
}

#[cfg(not(feature = "rustls"))]
const fn check(_transport: &Transport) -> Result<(), Cause> {
    Ok(())
}
