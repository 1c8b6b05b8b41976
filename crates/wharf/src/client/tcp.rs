//! How TCP connections are made.

use socket2::{SockRef, TcpKeepalive};
use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::net::{TcpSocket, TcpStream};
use tracing::debug;

/// Options of the TCP connections that a client makes, to servers and to proxies.
///
/// Default: Nagle's algorithm off, everything else as the system has it. An option that the system refuses
/// fails the attempt at [`Stage::Connect`](crate::Stage::Connect).
///
/// ```
/// use std::{net::Ipv4Addr, time::Duration};
///
/// let tcp = wharf::TcpOptions::new()
///     .keepalive(Duration::from_secs(60))
///     .local_address(Ipv4Addr::LOCALHOST.into());
/// let client = wharf::Client::builder().tcp(tcp).build();
/// # drop(client);
/// ```
#[derive(Debug, Clone, Default)]
pub struct TcpOptions {
    nagle: Nagle,
    keepalive: Option<Duration>,
    send_buffer: Option<u32>,
    receive_buffer: Option<u32>,
    local_address: Option<IpAddr>,
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    interface: Option<String>,
}

/// Whether small segments wait for the acknowledgement of earlier ones (RFC 9293 §3.7.4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Nagle {
    /// They do not: what is sent leaves at once (`TCP_NODELAY`). Batching is wharf's part.
    #[default]
    Off,
    /// They do: fewer segments, and up to a round trip more of latency for each message.
    On,
}

impl TcpOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Nagle's algorithm. Default: off.
    #[must_use]
    pub const fn nagle(mut self, nagle: Nagle) -> Self {
        self.nagle = nagle;
        self
    }

    /// Has the system probe a connection that was idle this long (`SO_KEEPALIVE`, RFC 9293 §3.8.4); how often
    /// is the system's affair. `None`: never. Default: never, for the Pings of
    /// [`Timeouts`](crate::Timeouts) find more and find it sooner.
    #[must_use]
    pub fn keepalive(mut self, idle: impl Into<Option<Duration>>) -> Self {
        self.keepalive = idle.into();
        self
    }

    /// Bytes that the system may hold of what is sent (`SO_SNDBUF`). Default: the system's.
    #[must_use]
    pub const fn send_buffer(mut self, bytes: u32) -> Self {
        self.send_buffer = Some(bytes);
        self
    }

    /// Bytes that the system may hold of what came (`SO_RCVBUF`); it is set before connecting, so that the
    /// window scale follows it. Default: the system's.
    #[must_use]
    pub const fn receive_buffer(mut self, bytes: u32) -> Self {
        self.receive_buffer = Some(bytes);
        self
    }

    /// Connects from this address. Addresses of the other family are not tried. Default: the system's choice.
    #[must_use]
    pub const fn local_address(mut self, address: IpAddr) -> Self {
        self.local_address = Some(address);
        self
    }

    /// Connects over the network interface of this name, such as `eth0` (`SO_BINDTODEVICE`); older kernels ask
    /// for privileges. Default: as the routes say.
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    #[must_use]
    pub fn interface(mut self, name: impl Into<String>) -> Self {
        self.interface = Some(name.into());
        self
    }

    /// Those addresses that can be reached from the local one.
    pub(crate) fn reachable(&self, addresses: Vec<SocketAddr>) -> io::Result<Vec<SocketAddr>> {
        let Some(local) = self.local_address else { return Ok(addresses) };
        let found = addresses.len();
        let same = addresses.into_iter().filter(|address| address.is_ipv4() == local.is_ipv4());
        let same: Vec<_> = same.collect();
        if same.is_empty() && found > 0 {
            let message = format!("none of its {found} addresses is of the family of {local}");
            return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, message));
        }
        Ok(same)
    }

    pub(crate) async fn connect(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        self.apply_to(&SockRef::from(&socket))?;
        let connected = socket.connect(address).await;
        connected.inspect_err(|error| debug!(%address, %error, "attempt failed"))
    }

    /// The same without a runtime, in the time that is given.
    #[cfg(feature = "blocking")]
    pub(crate) fn connect_within(
        &self,
        address: SocketAddr,
        limit: Duration,
    ) -> io::Result<std::net::TcpStream> {
        use socket2::{Domain, Protocol, Socket, Type};
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        self.apply_to(&SockRef::from(&socket))?;
        let connected = socket.connect_timeout(&address.into(), limit);
        connected.inspect_err(|error| debug!(%address, %error, "attempt failed"))?;
        Ok(socket.into())
    }

    fn apply_to(&self, socket: &SockRef<'_>) -> io::Result<()> {
        socket.set_tcp_nodelay(self.nagle == Nagle::Off)?;
        if let Some(idle) = self.keepalive {
            socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(idle))?;
        }
        if let Some(bytes) = self.send_buffer {
            socket.set_send_buffer_size(size(bytes))?;
        }
        if let Some(bytes) = self.receive_buffer {
            socket.set_recv_buffer_size(size(bytes))?;
        }
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        if let Some(name) = &self.interface {
            socket.bind_device(Some(name.as_bytes()))?;
        }
        if let Some(local) = self.local_address {
            socket.bind(&SocketAddr::new(local, 0).into())?;
        }
        Ok(())
    }
}

fn size(bytes: u32) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};
    use tokio::net::TcpListener;

    async fn connected(options: &TcpOptions) -> io::Result<TcpStream> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        options.connect(listener.local_addr().unwrap()).await
    }

    #[tokio::test]
    async fn nagles_delay_is_off_unless_it_is_asked_for() {
        assert!(connected(&TcpOptions::new()).await.unwrap().nodelay().unwrap());
        let patient = TcpOptions::new().nagle(Nagle::On);
        assert!(!connected(&patient).await.unwrap().nodelay().unwrap());
    }

    #[tokio::test]
    async fn options_reach_the_socket() {
        let idle = Duration::from_secs(77);
        let options =
            TcpOptions::new().keepalive(idle).send_buffer(1 << 16).receive_buffer(1 << 15);
        let stream = connected(&options).await.unwrap();
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().unwrap());
        // Linux doubles the sizes for its own bookkeeping.
        assert!(socket.send_buffer_size().unwrap() >= 1 << 16);
        assert!(socket.recv_buffer_size().unwrap() >= 1 << 15);
        let plain = connected(&TcpOptions::new()).await.unwrap();
        assert!(!SockRef::from(&plain).keepalive().unwrap());
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_local_address_is_connected_from() {
        let local = Ipv4Addr::new(127, 0, 0, 9);
        let options = TcpOptions::new().local_address(local.into());
        assert_eq!(connected(&options).await.unwrap().local_addr().unwrap().ip(), local);
    }

    #[tokio::test]
    async fn a_local_address_that_is_none_fails() {
        let options = TcpOptions::new().local_address(Ipv4Addr::new(192, 0, 2, 1).into());
        assert!(connected(&options).await.is_err());
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn an_interface_that_is_none_fails() {
        assert!(connected(&TcpOptions::new().interface("wharf-none")).await.is_err());
    }

    #[test]
    fn addresses_of_the_other_family_are_passed_over() {
        let (four, six) = ("1.1.1.1:1".parse().unwrap(), "[::1]:1".parse().unwrap());
        let options = TcpOptions::new().local_address(Ipv4Addr::LOCALHOST.into());
        assert_eq!(options.reachable(vec![six, four]).unwrap(), [four]);
        assert_eq!(options.reachable(vec![]).unwrap(), []);
        let error = options.reachable(vec![six]).unwrap_err();
        assert!(error.to_string().contains("127.0.0.1"), "{error}");
        let six_only = TcpOptions::new().local_address(Ipv6Addr::LOCALHOST.into());
        assert_eq!(six_only.reachable(vec![six, four]).unwrap(), [six]);
    }
}
