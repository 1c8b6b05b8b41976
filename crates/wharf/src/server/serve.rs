//! The simple case: one listener, a task for each connection.

use super::{
    acceptor::Acceptor,
    caps::Caps,
    listener::{Arrivals, Listener},
    outcome::Outcome,
    registry::Registry,
    request::Request,
    service::Service,
    shutdown::{ShutdownHandle, drain},
    summary::ShutdownSummary,
};
use crate::{
    drain::plan::{DrainPlan, Listening},
    socket::websocket::WebSocket,
};
use std::{fmt, future::pending, io, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::net::{TcpListener, ToSocketAddrs};

/// A listener whose connections each get a task and a handler.
///
/// ```no_run
/// # async fn run() -> std::io::Result<()> {
/// let server = wharf::Server::bind("127.0.0.1:9001").await?;
/// server
///     .serve(|mut socket| async move {
///         while let Ok(Some(message)) = socket.recv().await {
///             if socket.send(message).await.is_err() {
///                 break;
///             }
///         }
///     })
///     .await;
/// # Ok(())
/// # }
/// ```
///
/// Everything about the handshake – TLS, origins, subprotocols, deadlines – is the [`Acceptor`]'s; the
/// default one is used unless [`with_acceptor`](Self::with_acceptor) gives another.
///
/// # What it costs when it is full
///
/// There are two caps. While the acceptor's
/// [`handshakes`](crate::AcceptorBuilder::handshakes) are all under way, new connections wait in the
/// kernel's backlog and cost this process nothing. A connection whose request is read while
/// [`with_connections`](Self::with_connections) are being served is told so: 503 with `Retry-After`.
/// A connection counts from its request to the end of its handler. The accept loop survives every error;
/// when the machine is short of descriptors or memory it pauses for 10 ms to 1 s.
///
/// # A thread for each core
///
/// One multi-threaded runtime serves well. Where connections should never move between threads, run as many
/// current-thread runtimes as there are cores, each with a server of its own on the same port
/// ([`bind_reuse_port`](Self::bind_reuse_port)); the kernel spreads the connections. Caps then hold for each
/// server by itself, unless the servers share an [`Acceptor`], whose cap on handshakes is then common.
///
/// ```no_run
/// # #[cfg(target_os = "linux")]
/// fn serve(address: std::net::SocketAddr, threads: usize) -> Vec<std::thread::JoinHandle<()>> {
///     let one = move || {
///         let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
///         let run = async {
///             let server = wharf::Server::bind_reuse_port(address).await?;
///             server.serve(|_socket| async { /* … */ }).await;
///             std::io::Result::Ok(())
///         };
///         if let Err(error) = runtime.and_then(|runtime| runtime.block_on(run)) {
///             eprintln!("{error}");
///         }
///     };
///     (0..threads).map(|_| std::thread::spawn(one)).collect()
/// }
/// ```
pub struct Server {
    listener: Listener,
    acceptor: Acceptor,
    connections: usize,
    per_address: Option<usize>,
    plan: DrainPlan,
    shutdown: ShutdownHandle,
    until: Option<Until>,
}

type Until = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Server {
    /// Listens on a TCP address, such as `"127.0.0.1:9001"` or `("::", 0)`.
    pub async fn bind(address: impl ToSocketAddrs) -> io::Result<Self> {
        TcpListener::bind(address).await.map(Self::from_listener)
    }

    /// Listens on a TCP address that other sockets of the same user may listen on too (`SO_REUSEPORT`): the
    /// kernel spreads connections among them.
    #[cfg(all(unix, not(any(target_os = "solaris", target_os = "illumos", target_os = "cygwin"))))]
    pub async fn bind_reuse_port(address: SocketAddr) -> io::Result<Self> {
        super::reuse_port::listen(address).map(Self::from_listener)
    }

    /// Serves a TCP listener that exists already.
    pub fn from_listener(listener: TcpListener) -> Self {
        Self::on(Listener::Tcp(listener))
    }

    /// Serves a unix socket. The file is the caller's to remove.
    #[cfg(unix)]
    pub fn from_unix_listener(listener: UnixListener) -> Self {
        Self::on(Listener::Unix(listener))
    }

    fn on(listener: Listener) -> Self {
        Self {
            listener,
            acceptor: Acceptor::default(),
            connections: 65_536,
            per_address: None,
            plan: DrainPlan::default(),
            shutdown: ShutdownHandle::new(),
            until: None,
        }
    }

    /// The address it listens on, with the port that the system chose. `Unsupported` for a unix socket.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// How handshakes are done. Default: `Acceptor::default()`.
    #[must_use]
    pub fn with_acceptor(mut self, acceptor: Acceptor) -> Self {
        self.acceptor = acceptor;
        self
    }

    /// The most connections served at once; one more is answered with 503. Default: 65,536. The cost of an
    /// idle connection is its task and its socket.
    #[must_use]
    pub fn with_connections(mut self, most: usize) -> Self {
        self.connections = most;
        self
    }

    /// The most connections served at once for one address of a peer (an IPv4 address or an IPv6 /64); one
    /// more is answered with 429. Default: no such cap, because behind a proxy all peers have one address.
    #[must_use]
    pub fn with_connections_per_address(mut self, most: usize) -> Self {
        self.per_address = Some(most);
        self
    }

    /// How long a shutdown waits for handlers to end before it aborts them. Default: 10 s.
    #[must_use]
    pub fn with_drain(mut self, within: Duration) -> Self {
        self.plan.within = within;
        self
    }

    /// How a shutdown sends everybody away: its limit, the code, and how the closes are spread over time; see
    /// [`DrainPlan`]. Default: its own, of 10 s.
    ///
    /// If the acceptor has a [`Drain`](crate::Drain) the shutdown starts it, unless it has begun already.
    #[must_use]
    pub fn with_drain_plan(mut self, plan: DrainPlan) -> Self {
        self.plan = plan;
        self
    }

    /// Shuts down when `signal` is ready, as [`ShutdownHandle::shut_down`] does.
    #[must_use]
    pub fn with_graceful_shutdown(
        mut self,
        signal: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        self.until = Some(Box::pin(signal));
        self
    }

    /// A handle that ends this server from anywhere.
    pub fn shutdown_handle(&self) -> ShutdownHandle {
        self.shutdown.clone()
    }

    /// Accepts every request that is in order, and gives each WebSocket to a task of its own. Ends only by a
    /// shutdown.
    ///
    /// An error that a handler returns is logged at debug level; a handler that panics ends only its own
    /// connection.
    ///
    /// Cancel safety: dropping it closes the listener and aborts all handlers at once; their sockets are
    /// dropped, and say 1001 as far as the transports take it at once.
    pub async fn serve<H, F>(self, handler: H) -> ShutdownSummary
    where
        H: Fn(WebSocket) -> F + Send + Sync + 'static,
        F: Future<Output: Outcome> + Send + 'static,
    {
        let handler = Arc::new(handler);
        self.serve_requests(move |request| {
            let handler = Arc::clone(&handler);
            async move {
                // What a scrutinee holds would stay as long as the handler runs.
                let handled = match request.accept().await {
                    Ok(socket) => handler(socket),
                    Err(error) => {
                        return tracing::debug!(%error, "the answer did not go out");
                    }
                };
                handled.await.log();
            }
        })
        .await
    }

    /// The same for a handler that sees each request before it is answered, and accepts or refuses it.
    ///
    /// A connection is served until the handler's future ends: one that gives its socket to another task
    /// waits for that task, or the socket counts no more and hears of no shutdown. A request that is dropped
    /// closes its connection without an answer.
    ///
    /// Cancel safety: as [`serve`](Self::serve).
    pub async fn serve_requests<H, F>(self, handler: H) -> ShutdownSummary
    where
        H: Fn(Request) -> F + Send + Sync + 'static,
        F: Future<Output: Outcome> + Send + 'static,
    {
        let (acceptor, sockets) = self.acceptor.drained();
        let service = Arc::new(Service::new(
            acceptor,
            Caps::new(self.connections, self.per_address),
            self.shutdown.clone(),
            self.plan.listening,
            handler,
        ));
        let _aborts = Aborts(service.registry());
        let until = self.until.unwrap_or_else(|| Box::pin(pending()));
        // In a box, to be dropped when the listener is to be closed.
        let mut accepting = Box::pin(service.accept_forever(Arrivals::new(self.listener)));
        tokio::select! {
            () = until => self.shutdown.shut_down(),
            () = self.shutdown.started() => {}
            never = &mut accepting => match never {},
            // Whoever has started the drain may be gone.
            never = sockets.help() => match never {},
        }
        let registry = service.registry();
        match self.plan.listening {
            Listening::Over => {
                drop(accepting);
                drain(&registry, &sockets, self.plan).await
            }
            Listening::GoesOn => tokio::select! {
                summary = drain(&registry, &sockets, self.plan) => summary,
                never = &mut accepting => match never {},
            },
        }
    }
}

/// A future that serves and is dropped takes its handlers with it.
struct Aborts(Arc<Registry>);

impl Drop for Aborts {
    fn drop(&mut self) {
        self.0.cut();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("local_addr", &self.local_addr()).finish_non_exhaustive()
    }
}
