//! Two ends and a wire between them.

use super::{
    end::End,
    faults::Faults,
    peer::Peer,
    serving::Serving,
    wire::{Pipes, Wire},
};
use crate::{
    server::{acceptor::Acceptor, request::Request},
    socket::websocket::WebSocket,
    transport::Transport,
};
use bytes::Bytes;
use std::{future::Future, sync::Arc};
use wharf_proto::{Agreement, Config, Role};

/// A client and a server over a wire without faults, with nothing negotiated and the default settings.
pub fn pair() -> (WebSocket, WebSocket) {
    let (client, server, _) = Pair::new().open();
    (client, server)
}

/// Makes two ends and a wire between them.
///
/// ```
/// use std::time::Duration;
/// use wharf::{Config, Role, testing::{Cut, Faults, Pair}};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let mut config = Config::new(Role::Server);
/// config.timeouts.idle = Some(Duration::from_secs(5));
/// let slow = Faults::new().delay(Duration::from_millis(50), Duration::from_millis(100));
/// let lost = Faults::new().cut_after(1_000, Cut::Silence);
/// let (mut client, mut server, wire) =
///     Pair::new().server(config).to_client(slow).to_server(lost).seed(7).open();
///
/// let start = tokio::time::Instant::now();
/// client.send(vec![0; 2_000]).await.unwrap(); // half of it is lost on the way
/// assert!(server.recv().await.unwrap_err().is_timeout());
/// assert!(start.elapsed() >= Duration::from_secs(5), "and no real time has passed");
/// assert!(wire.to_server().bytes() > 2_000);
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Pair {
    agreement: Agreement,
    client: Arc<Config>,
    server: Arc<Config>,
    to_client: Faults,
    to_server: Faults,
    seed: u64,
}

impl Default for Pair {
    fn default() -> Self {
        Self {
            agreement: Agreement::default(),
            client: Arc::new(Config::new(Role::Client)),
            server: Arc::new(Config::new(Role::Server)),
            to_client: Faults::new(),
            to_server: Faults::new(),
            seed: 0,
        }
    }
}

impl Pair {
    /// The defaults: nothing negotiated, default settings, no faults, seed 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the handshake is taken to have settled.
    pub fn agreement(mut self, agreement: Agreement) -> Self {
        self.agreement = agreement;
        self
    }

    /// Settings of the client.
    pub fn client(mut self, config: impl Into<Arc<Config>>) -> Self {
        self.client = config.into();
        self
    }

    /// Settings of the server.
    pub fn server(mut self, config: impl Into<Arc<Config>>) -> Self {
        self.server = config.into();
        self
    }

    /// What happens to what the server writes.
    pub fn to_client(mut self, faults: Faults) -> Self {
        self.to_client = faults;
        self
    }

    /// What happens to what the client writes.
    pub fn to_server(mut self, faults: Faults) -> Self {
        self.to_server = faults;
        self
    }

    /// The same seed, the same lengths, delays and places. A client's masking keys follow from it too.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// A client and a server, open, and the wire between them.
    pub fn open(self) -> (WebSocket, WebSocket, Wire) {
        let (near, far, wire) = self.ends();
        (self.socket(near, Role::Client), self.socket(far, Role::Server), wire)
    }

    /// A server, and its client made of bytes.
    pub fn open_server(self) -> (WebSocket, Peer, Wire) {
        let (near, far, wire) = self.ends();
        (self.socket(far, Role::Server), Peer::new(near, Role::Client), wire)
    }

    /// A client, and its server made of bytes.
    pub fn open_client(self) -> (WebSocket, Peer, Wire) {
        let (near, far, wire) = self.ends();
        (self.socket(near, Role::Client), Peer::new(far, Role::Server), wire)
    }

    /// The bare ends, the client's first, without any WebSocket: for handshakes. Settings and agreement are not used.
    pub fn ends(&self) -> (End, End, Wire) {
        let pipes = Pipes::new(self.to_client.clone(), self.to_server.clone(), self.seed);
        let (near, far) = End::both(&pipes);
        (near, far, Wire(pipes))
    }

    /// Serves one connection by `handler` in a task of its own, handshake and all, and gives the client's end: for
    /// [`Client::connect_over`](crate::Client::connect_over), or a [`Peer`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wharf::{Acceptor, Client, testing::Pair};
    ///
    /// let (end, _wire, serving) = Pair::new().serve(&Acceptor::default(), async |request| {
    ///     let mut socket = request.accept().await.unwrap();
    ///     socket.send("welcome").await.unwrap();
    ///     socket.drive().await
    /// });
    /// let mut client = Client::default().connect_over(end, "ws://localhost/").await?;
    /// assert_eq!(client.recv().await?, Some("welcome".into()));
    /// client.close(wharf::CloseCode::NORMAL).await;
    /// assert!(serving.await?.is_clean());
    /// # Ok(())
    /// # }
    /// ```
    pub fn serve<H, F>(self, acceptor: &Acceptor, handler: H) -> (End, Wire, Serving<F::Output>)
    where
        H: FnOnce(Request) -> F + Send + 'static,
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        let (near, far, wire) = self.ends();
        let acceptor = acceptor.clone();
        let serving = tokio::spawn(async move {
            let request = acceptor.accept(far).await?;
            Ok(handler(request).await)
        });
        (near, wire, Serving(serving))
    }

    fn socket(&self, io: End, role: Role) -> WebSocket {
        let config = match role {
            Role::Client => Arc::clone(&self.client),
            Role::Server => Arc::clone(&self.server),
        };
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_le_bytes());
        let (io, agreement) = (Transport::new(io), self.agreement.clone());
        WebSocket::new(io, role, agreement, Bytes::new(), config, seed)
    }
}
