//! Where connections come from.

use super::backoff::{Backoff, Next};
use crate::transport::Transport;
use std::{io, net::SocketAddr};
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, sleep_until},
};

/// A connection, fresh from the backlog.
pub(super) struct Arrival {
    pub(super) transport: Transport,
    /// None for a unix socket.
    pub(super) peer: Option<SocketAddr>,
    /// Whom a PROXY header names.
    pub(super) client: Option<SocketAddr>,
}

pub(super) enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

impl Listener {
    pub(super) fn local_addr(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Tcp(tcp) => tcp.local_addr(),
            #[cfg(unix)]
            Self::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    async fn accept(&self) -> io::Result<Arrival> {
        match self {
            Self::Tcp(tcp) => tcp.accept().await.map(Arrival::tcp),
            #[cfg(unix)]
            Self::Unix(unix) => {
                let (stream, _) = unix.accept().await?;
                Ok(Arrival { transport: Transport::new(stream), peer: None, client: None })
            }
        }
    }
}

impl Arrival {
    fn tcp((stream, peer): (TcpStream, SocketAddr)) -> Self {
        // A frame is written whole: waiting for more to send with it only adds a round trip.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, %peer, "TCP_NODELAY was not set");
        }
        Self { transport: Transport::new(stream), peer: Some(peer), client: None }
    }
}

/// A listener that outlives its errors.
pub(super) struct Arrivals {
    listener: Listener,
    backoff: Backoff,
    resume: Option<Instant>,
}

impl Arrivals {
    pub(super) const fn new(listener: Listener) -> Self {
        Self { listener, backoff: Backoff::new(), resume: None }
    }

    /// The next connection, whatever `accept` says until then.
    ///
    /// Cancel safety: nothing is lost, and the pause after an error is remembered.
    pub(super) async fn next(&mut self) -> Arrival {
        loop {
            if let Some(resume) = self.resume {
                sleep_until(resume).await;
                self.resume = None;
            }
            match self.listener.accept().await {
                Ok(arrival) => {
                    self.backoff.reset();
                    return arrival;
                }
                Err(error) => self.pause(&error),
            }
        }
    }

    fn pause(&mut self, error: &io::Error) {
        match self.backoff.after(error) {
            Next::AtOnce => tracing::debug!(%error, "a connection died in the backlog"),
            Next::After(wait) => {
                tracing::warn!(%error, ?wait, "accept failed; pausing");
                self.resume = Some(Instant::now() + wait);
            }
        }
    }
}
