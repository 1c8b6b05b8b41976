//! The client.

#[cfg(unix)]
use super::dial::dial_unix;
use super::{
    attempt::{Attempt, Connecting},
    dial::dial,
    error::ConnectError,
    settings::Settings,
};
#[cfg(unix)]
use std::path::Path;
use std::{
    future::ready,
    sync::{Arc, LazyLock},
};
use tokio::io::{AsyncRead, AsyncWrite};

/// Opens a WebSocket with the default settings of [`Client`].
///
/// One client serves the whole process, so that the platform's roots are read once and TLS sessions are
/// resumed. For errors and cancel safety see [`Connecting`].
///
/// ```no_run
/// # async fn example() -> Result<(), wharf::ConnectError> {
/// let socket = wharf::connect("wss://example.com/chat").await?;
/// # drop(socket);
/// # Ok(())
/// # }
/// ```
pub fn connect(url: impl AsRef<str>) -> Connecting {
    static DEFAULT: LazyLock<Client> = LazyLock::new(Client::default);
    DEFAULT.connect(url)
}

/// Opens WebSockets. Cheap to clone; clones share settings and resumable TLS sessions.
///
/// A URL is `ws://` or `wss://` (`http://` and `https://` are taken for the same), without a fragment.
/// Name resolution, connection, TLS and opening handshake together have one deadline, by default ten
/// seconds.
///
/// Whoever connects often to one address does so one at a time (RFC 6455 §4.1, item 2): that is the
/// caller's part, the client does not hold attempts up for each other.
#[derive(Debug, Clone, Default)]
pub struct Client(Arc<Settings>);

impl Client {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }

    #[cfg(feature = "blocking")]
    pub(crate) const fn settings(&self) -> &Arc<Settings> {
        &self.0
    }

    /// Connects over TCP to the first address of the host that answers (RFC 8305), with TLS for `wss://`.
    /// Nagle's algorithm is off.
    pub fn connect(&self, url: impl AsRef<str>) -> Connecting {
        Connecting::new(self.attempt(url.as_ref()), |attempt| async move {
            dial(attempt.target(), attempt.progress()).await
        })
    }

    /// Connects over a given stream. For `wss://`, TLS is spoken over it. Nothing is resolved: the URL's
    /// host stands in the `Host` header and in the certificate.
    pub fn connect_over<T>(&self, io: T, url: impl AsRef<str>) -> Connecting
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        Connecting::new(self.attempt(url.as_ref()), |_| ready(Ok(io)))
    }

    /// Connects over the Unix domain socket at `path`. The URL serves as for
    /// [`connect_over`](Self::connect_over).
    #[cfg(unix)]
    pub fn connect_unix(&self, path: impl AsRef<Path>, url: impl AsRef<str>) -> Connecting {
        let path = path.as_ref().to_owned();
        let attempt = self.attempt(url.as_ref()).map(|attempt| attempt.with_peer(path.display()));
        Connecting::new(
            attempt,
            |attempt| async move { dial_unix(&path, attempt.progress()).await },
        )
    }

    fn attempt(&self, url: &str) -> Result<Attempt, ConnectError> {
        Attempt::new(Arc::clone(&self.0), url)
    }
}
