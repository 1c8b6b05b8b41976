//! A way through a proxy.

use super::{
    http,
    server::{Proxy, ProxyKind},
    socks5::{self, Destination},
};
use crate::{
    client::{
        error::Cause,
        network::Network,
        stage::{Peer, Progress, Stage},
        target::{Host, Target},
        tls::connector::Connector,
    },
    transport::Transport,
};
use std::{io, net::SocketAddr};
use wharf_proto::HandshakeLimits;

/// What a tunnel is made with.
pub(crate) struct Tunnelling<'a> {
    pub(crate) network: &'a Network,
    pub(crate) limits: HandshakeLimits,
    pub(crate) progress: &'a Progress,
}

impl Tunnelling<'_> {
    /// Connects to the proxy and has it connect to the target.
    pub(crate) async fn open(&self, proxy: &Proxy, target: &Target) -> Result<Transport, Cause> {
        let peer = Peer::Proxy(proxy.name());
        match proxy.kind {
            ProxyKind::Http => {
                let mut io = self.dial(proxy, &peer).await?;
                self.ask_http(&mut io, proxy, target, &peer).await?;
                Ok(io)
            }
            ProxyKind::Https => {
                self.progress.enter(Stage::Tls, &peer);
                let tls = Connector::prepare(&proxy.tls, &proxy.host).await?;
                let io = self.dial(proxy, &peer).await?;
                self.progress.enter(Stage::Tls, &peer);
                let mut io = Transport::new(tls.secure(io).await?);
                self.ask_http(&mut io, proxy, target, &peer).await?;
                Ok(io)
            }
            ProxyKind::Socks5 | ProxyKind::Socks5h => {
                let resolved = self.resolved(proxy, target).await?;
                let mut io = self.dial(proxy, &peer).await?;
                self.progress.enter(Stage::Proxy, &peer);
                let destination = destination(target.host(), resolved);
                let credentials = proxy.credentials.as_ref();
                socks5::connect(&mut io, credentials, destination, target.port()).await?;
                Ok(io)
            }
        }
    }

    async fn dial(&self, proxy: &Proxy, peer: &Peer) -> Result<Transport, Cause> {
        self.network.dial(&proxy.host, proxy.port, peer, self.progress).await
    }

    async fn ask_http(
        &self,
        io: &mut Transport,
        proxy: &Proxy,
        target: &Target,
        peer: &Peer,
    ) -> Result<(), Cause> {
        self.progress.enter(Stage::Proxy, peer);
        http::connect(io, proxy, &target.host_and_port(), self.limits).await
    }

    /// The address to name to a proxy that is not to resolve names: the first one.
    async fn resolved(&self, proxy: &Proxy, target: &Target) -> Result<Option<SocketAddr>, Cause> {
        if proxy.kind != ProxyKind::Socks5 || !matches!(target.host(), Host::Name(_)) {
            return Ok(None);
        }
        self.progress.enter(Stage::Resolve, &Peer::Server(target.host_and_port()));
        let addresses = self.network.addresses(target.host(), target.port()).await?;
        match addresses.first() {
            Some(first) => Ok(Some(*first)),
            None => Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into()),
        }
    }
}

fn destination(host: &Host, resolved: Option<SocketAddr>) -> Destination<'_> {
    match (resolved, host) {
        (Some(SocketAddr::V4(address)), _) => Destination::V4(*address.ip()),
        (Some(SocketAddr::V6(address)), _) => Destination::V6(*address.ip()),
        (None, Host::Name(name)) => Destination::Name(name),
        (None, Host::V4(address)) => Destination::V4(*address),
        (None, Host::V6(address)) => Destination::V6(*address),
    }
}
