//! Connections that somebody else makes.

use super::resolve::BoxFuture;
use crate::transport::Transport;
use std::{fmt, io};
use tokio::io::{AsyncRead, AsyncWrite};

/// Makes the byte stream under a connection, instead of name resolution and TCP: for tunnels, vsock, tests.
///
/// If a proxy is set it is the proxy that is dialled. TLS and the opening handshake are spoken over the
/// stream. The client's deadline holds for it: a future that hangs is dropped.
///
/// ```
/// use std::io;
/// use tokio::net::TcpStream;
/// use wharf::{BoxFuture, Client, Dial, Dialled};
///
/// struct Gateway;
///
/// impl Dial for Gateway {
///     fn dial<'a>(&'a self, _: &'a str, _: u16) -> BoxFuture<'a, io::Result<Dialled>> {
///         Box::pin(async { Ok(Dialled::new(TcpStream::connect("127.0.0.1:9001").await?)) })
///     }
/// }
///
/// let client = Client::builder().dialer(Gateway).build();
/// # drop(client);
/// ```
pub trait Dial: Send + Sync + 'static {
    /// A stream to `host`: an ASCII domain name, or an address (an IPv6 address without brackets).
    ///
    /// # Errors
    /// There is no way there; it becomes an error of [`Stage::Connect`](crate::Stage::Connect).
    ///
    /// # Cancel safety
    /// The future is dropped when the attempt is dropped or its deadline strikes: it leaves nothing behind.
    fn dial<'a>(&'a self, host: &'a str, port: u16) -> BoxFuture<'a, io::Result<Dialled>>;
}

/// A byte stream that a [`Dial`] made.
pub struct Dialled(Transport);

impl Dialled {
    /// Any stream. A `TcpStream` or `UnixStream` is taken out whole; any other is boxed.
    pub fn new<T>(io: T) -> Self
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        Self(Transport::new(io))
    }

    pub(crate) fn into_transport(self) -> Transport {
        self.0
    }
}

impl fmt::Debug for Dialled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialled").finish_non_exhaustive()
    }
}
