//! From a target to a connected socket.

use super::{
    error::Cause,
    race::{interleave, race},
    stage::{Progress, Stage},
    target::{Host, Target},
};
#[cfg(unix)]
use std::path::Path;
use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
};
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::net::{TcpStream, lookup_host};
use tracing::debug;

/// Resolves the host and connects to the first of its addresses that answers.
pub(crate) async fn dial(target: &Target, progress: &Progress) -> Result<TcpStream, Cause> {
    dial_with(resolve(target), connect, progress).await
}

#[cfg(unix)]
pub(crate) async fn dial_unix(path: &Path, progress: &Progress) -> Result<UnixStream, Cause> {
    progress.enter(Stage::Connect);
    Ok(UnixStream::connect(path).await?)
}

async fn dial_with<T, F: Future<Output = io::Result<T>>>(
    resolution: impl Future<Output = io::Result<Vec<SocketAddr>>>,
    connect: impl FnMut(SocketAddr) -> F,
    progress: &Progress,
) -> Result<T, Cause> {
    progress.enter(Stage::Resolve);
    let addresses = resolution.await?;
    progress.enter(Stage::Connect);
    Ok(race(addresses, connect).await?)
}

async fn resolve(target: &Target) -> io::Result<Vec<SocketAddr>> {
    let address = match target.host() {
        Host::Name(name) => {
            return Ok(interleave(lookup_host((name.as_str(), target.port())).await?));
        }
        Host::V4(address) => IpAddr::V4(*address),
        Host::V6(address) => IpAddr::V6(*address),
    };
    Ok(vec![SocketAddr::new(address, target.port())])
}

/// Small frames must not wait for the acknowledgement of earlier ones (Nagle's algorithm): batching is ours.
async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let connected = TcpStream::connect(address).await;
    let stream = connected.inspect_err(|error| debug!(%address, %error, "attempt failed"))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    async fn stage_reached(resolution: impl Future<Output = io::Result<Vec<SocketAddr>>>) -> Stage {
        let progress = Progress::new();
        let silent = |_| pending::<io::Result<()>>();
        let dialling = dial_with(resolution, silent, &progress);
        let limit = std::time::Duration::from_secs(1);
        tokio::time::timeout(limit, dialling).await.unwrap_err();
        progress.stage()
    }

    /// Checklist 9, 10.
    #[tokio::test(start_paused = true)]
    async fn a_deadline_can_tell_a_slow_resolver_from_a_silent_host() {
        assert_eq!(stage_reached(pending()).await, Stage::Resolve);
        let addresses = vec!["127.0.0.1:1".parse().unwrap()];
        assert_eq!(stage_reached(ready(Ok(addresses))).await, Stage::Connect);
    }

    #[tokio::test]
    async fn an_address_needs_no_resolver() {
        let target = Target::parse("wss://[::1]").unwrap();
        assert_eq!(resolve(&target).await.unwrap(), ["[::1]:443".parse().unwrap()]);
    }

    #[tokio::test]
    async fn a_socket_is_connected_without_nagles_delay() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = connect(listener.local_addr().unwrap()).await.unwrap();
        assert!(stream.nodelay().unwrap());
    }
}
