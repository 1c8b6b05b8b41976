//! From a host to a connected socket.

use super::{
    error::Cause,
    network::Network,
    race::{interleave, race},
    resolve::SystemResolver,
    stage::{Peer, Progress, Stage},
    target::Host,
};
use crate::transport::Transport;
#[cfg(unix)]
use std::path::Path;
use std::{
    io,
    net::{IpAddr, SocketAddr},
};
#[cfg(unix)]
use tokio::net::UnixStream;

impl Network {
    /// Resolves the host and connects to the first of its addresses that answers, or has it dialled.
    pub(crate) async fn dial(
        &self,
        host: &Host,
        port: u16,
        peer: &Peer,
        progress: &Progress,
    ) -> Result<Transport, Cause> {
        if let Some(dialer) = &self.dialer {
            progress.enter(Stage::Connect, peer);
            return Ok(dialer.dial(&host.unbracketed(), port).await?.into_transport());
        }
        progress.enter(Stage::Resolve, peer);
        let addresses = self.addresses(host, port).await?;
        progress.enter(Stage::Connect, peer);
        let addresses = self.tcp.reachable(addresses)?;
        let stream = race(addresses, |address| self.tcp.connect(address)).await?;
        Ok(Transport::new(stream))
    }

    /// The addresses of a host, in the order to try them. An address needs no resolver.
    pub(crate) async fn addresses(&self, host: &Host, port: u16) -> io::Result<Vec<SocketAddr>> {
        let address = match host {
            Host::Name(name) => {
                let resolver = self.resolver.as_deref().unwrap_or(&SystemResolver);
                return Ok(interleave(resolver.resolve(name, port).await?));
            }
            Host::V4(address) => IpAddr::V4(*address),
            Host::V6(address) => IpAddr::V6(*address),
        };
        Ok(vec![SocketAddr::new(address, port)])
    }
}

#[cfg(unix)]
pub(crate) async fn dial_unix(
    path: &Path,
    peer: &Peer,
    progress: &Progress,
) -> Result<Transport, Cause> {
    progress.enter(Stage::Connect, peer);
    Ok(Transport::new(UnixStream::connect(path).await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv6Addr;

    #[tokio::test]
    async fn an_address_needs_no_resolver() {
        let host = Host::V6(Ipv6Addr::LOCALHOST);
        let addresses = Network::default().addresses(&host, 443).await.unwrap();
        assert_eq!(addresses, ["[::1]:443".parse().unwrap()]);
    }
}
