//! From names to addresses.

use std::{future::Future, io, net::SocketAddr, pin::Pin};

/// A future behind a pointer, as a trait's method can return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Finds the addresses of a name, instead of the system's resolver.
///
/// The order of the addresses is kept within each family; they are tried as RFC 8305 says. The client's
/// deadline holds for it: a future that hangs is dropped.
///
/// ```
/// use std::{io, net::SocketAddr};
/// use wharf::{BoxFuture, Client, Resolve};
///
/// struct Fixed(SocketAddr);
///
/// impl Resolve for Fixed {
///     fn resolve<'a>(&'a self, _: &'a str, _: u16) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
///         Box::pin(async { Ok(vec![self.0]) })
///     }
/// }
///
/// let client = Client::builder().resolver(Fixed(([127, 0, 0, 1], 9001).into())).build();
/// # drop(client);
/// ```
pub trait Resolve: Send + Sync + 'static {
    /// The addresses of `host`, an ASCII domain name (never an address), each with the port to connect to.
    ///
    /// # Errors
    /// The name was not found, or nobody could be asked. No address at all is an error too, which the
    /// client makes.
    ///
    /// # Cancel safety
    /// The future is dropped when the attempt is dropped or its deadline strikes: it leaves nothing behind.
    fn resolve<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>>;
}

/// The system's resolver, which blocks a thread of the runtime's. When the future is dropped the thread goes
/// on, and what it finds is forgotten.
pub(crate) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
    }
}
