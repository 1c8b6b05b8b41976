//! The stages of a connection's beginning.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

/// A stage on the way to an open connection, in order.
///
/// With a proxy, [`Resolve`](Self::Resolve), [`Connect`](Self::Connect) and [`Tls`](Self::Tls) may be about
/// the proxy: [`ConnectError::is_with_proxy`](crate::ConnectError::is_with_proxy) tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Reading the URL; nothing has gone over the network.
    Url,
    /// Waiting for the caller's own headers; nothing has gone over the network.
    Headers,
    /// Finding the addresses of a host.
    Resolve,
    /// Connecting a socket.
    Connect,
    /// Asking a proxy for a tunnel.
    Proxy,
    /// Securing it with TLS.
    Tls,
    /// The opening handshake (RFC 6455 §4).
    Upgrade,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "reading of the URL",
            Self::Headers => "making of the headers",
            Self::Resolve => "name resolution",
            Self::Connect => "connection",
            Self::Proxy => "request for a tunnel",
            Self::Tls => "TLS handshake",
            Self::Upgrade => "opening handshake",
        })
    }
}

/// Whom a stage is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Peer {
    /// The server that the URL names.
    Server(String),
    /// A proxy on the way.
    Proxy(String),
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(name) => f.write_str(name),
            Self::Proxy(name) => write!(f, "proxy {name}"),
        }
    }
}

/// How far an attempt has come, seen from outside its future: when the deadline strikes, the future is gone
/// and only this can say where it stood.
#[derive(Debug)]
pub(crate) struct Progress(Mutex<(Stage, Peer)>);

impl Progress {
    pub(crate) const fn new(peer: Peer) -> Self {
        Self(Mutex::new((Stage::Url, peer)))
    }

    pub(crate) fn enter(&self, stage: Stage, peer: &Peer) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (stage, peer.clone());
    }

    /// The stage that was entered last, and with whom.
    pub(crate) fn place(&self) -> (Stage, Peer) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checklist 9.
    #[test]
    fn progress_names_the_stage_that_was_entered_last_and_with_whom() {
        let server = Peer::Server("h:80".into());
        let proxy = Peer::Proxy("p:3128".into());
        let progress = Progress::new(server.clone());
        assert_eq!(progress.place(), (Stage::Url, server.clone()));
        progress.enter(Stage::Proxy, &proxy);
        assert_eq!(progress.place(), (Stage::Proxy, proxy));
        progress.enter(Stage::Upgrade, &server);
        assert_eq!(progress.place(), (Stage::Upgrade, server));
    }
}
