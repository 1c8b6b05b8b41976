//! The client.

#[cfg(unix)]
use super::dial::dial_unix;
use super::{
    attempt::{Attempt, Connecting},
    error::ConnectError,
    settings::Settings,
};
use crate::transport::Transport;
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
/// A URL is `ws://` or `wss://` (`http://` and `https://` are taken for the same), without a fragment. A user
/// name and password in it are sent as Basic credentials (RFC 7617). All stages, from headers that are made for
/// the attempt to the opening handshake, together have one deadline, by default ten seconds.
///
/// No proxy is used, no environment variable read and no redirect followed unless that is set: see
/// [`Client::builder`].
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

    /// Connects over TCP to the first address of the host that answers (RFC 8305), with TLS for `wss://`;
    /// through a proxy, along redirects and by other means if these are set.
    pub fn connect(&self, url: impl AsRef<str>) -> Connecting {
        Connecting::new(
            self.attempt(url.as_ref()),
            |attempt| async move { attempt.by_network().await },
        )
    }

    /// Connects over a given stream. For `wss://`, TLS is spoken over it. Nothing is resolved: the URL's
    /// host stands in the `Host` header and in the certificate. No proxy is used, and no redirect followed.
    pub fn connect_over<T>(&self, io: T, url: impl AsRef<str>) -> Connecting
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let io = Transport::new(io);
        Connecting::new(self.attempt(url.as_ref()), |attempt| async move {
            attempt.over(ready(Ok(io))).await
        })
    }

    /// Connects over the Unix domain socket at `path`. The URL serves as for
    /// [`connect_over`](Self::connect_over).
    #[cfg(unix)]
    pub fn connect_unix(&self, path: impl AsRef<Path>, url: impl AsRef<str>) -> Connecting {
        let path = path.as_ref().to_owned();
        let attempt = self.attempt(url.as_ref()).map(|attempt| attempt.with_peer(path.display()));
        Connecting::new(attempt, |attempt| async move {
            attempt.over(dial_unix(&path, attempt.peer(), attempt.progress())).await
        })
    }

    fn attempt(&self, url: &str) -> Result<Attempt, ConnectError> {
        Attempt::new(Arc::clone(&self.0), url)
    }
}
