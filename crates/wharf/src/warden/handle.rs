//! Who looks after those who are connected.

use super::{
    access::Access,
    builder::WardenBuilder,
    patrol::Post,
    rules::{Ask, Rules},
};
use crate::{drain::member::Member, socket::sender::Sender};
use std::{fmt, sync::Arc};
use wharf_proto::CloseReason;

/// Looks after open connections: asks again and again whether each may stay, and turns out at once whom the
/// application names. Cheap to clone, and clones are one.
///
/// What is asked is known of a connection by its key: a user's number, a session, a token; whatever the
/// application gave with it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use wharf::{Agreement, Bytes, Config, Role, WebSocket};
/// # let (near, far) = tokio::io::duplex(1024);
/// # let open = |io, role| WebSocket::over(io, role, Agreement::default(), Bytes::new(), Config::new(role));
/// # let (socket, mut peer) = (open(near, Role::Server)?, open(far, Role::Client)?);
/// use std::time::Duration;
/// use wharf::{Access, CloseCode, Warden};
///
/// struct User { number: u64 }
///
/// let warden = Warden::builder().every(Duration::from_secs(300)).build(|user: std::sync::Arc<User>| {
///     async move {
///         // Ask the session store.
///         if user.number == 7 { Access::Granted } else { Access::denied() }
///     }
/// });
///
/// // In the handler, when the socket is open:
/// warden.watch(User { number: 7 }, &socket.sender());
/// # let serving = tokio::spawn(async move { let mut socket = socket; socket.drive().await });
///
/// // Wherever it is heard that a user was locked out:
/// let turned_out = warden.revoke(|user| user.number == 7, CloseCode::POLICY_VIOLATION);
/// assert_eq!(turned_out, 1);
/// assert_eq!(peer.drive().await.code(), 1008);
/// # serving.await?;
/// # Ok(())
/// # }
/// ```
///
/// A connection costs an entry in a list. One task asks for all, however many there are, as long as somebody
/// is watched; it lives in the runtime where somebody was watched first. Whether a handler reads makes no
/// difference: the Close goes out at once, and a connection that has not ended
/// [`Timeouts::close`](crate::Timeouts::close) later is cut.
pub struct Warden<K> {
    post: Arc<Post<K>>,
}

impl WardenBuilder {
    /// A warden that asks this for each connection.
    pub fn build<K, A, F>(self, ask: A) -> Warden<K>
    where
        K: Send + Sync + 'static,
        A: Fn(Arc<K>) -> F + Send + Sync + 'static,
        F: Future<Output = Access> + Send + 'static,
    {
        Warden::with(self.into_rules(), Some(Arc::new(move |key| Box::pin(ask(key)))))
    }
}

impl Warden<()> {
    /// Makes a warden that asks.
    pub fn builder() -> WardenBuilder {
        WardenBuilder::new(Rules::default())
    }
}

impl<K: Send + Sync + 'static> Warden<K> {
    /// A warden that asks nobody, and turns out whom the application names.
    pub fn new() -> Self {
        Self::with(Rules::default(), None)
    }

    pub(super) fn with(rules: Rules, ask: Option<Ask<K>>) -> Self {
        Self { post: Arc::new(Post::new(rules, ask)) }
    }

    /// Looks after a connection until it ends. Its first turn is after about
    /// [`every`](WardenBuilder::every): the handshake has just asked.
    pub fn watch(&self, key: impl Into<Arc<K>>, connection: &Sender) {
        let socket = Arc::clone(&connection.shared) as Arc<dyn Member>;
        self.post.watch(key.into(), &socket);
    }

    /// Closes all connections whose key this is true of, at once, and says how many they are. It looks at all
    /// keys, under the warden's lock: it should be quick, and must not call the warden.
    ///
    /// Also those are closed that are just being asked for, whatever the answer is.
    pub fn revoke(
        &self,
        is_meant: impl FnMut(&K) -> bool,
        reason: impl Into<CloseReason>,
    ) -> usize {
        self.post.turn_out(is_meant, &reason.into())
    }

    /// How many are watched. Some of them may have ended: they are crossed out when their turn comes.
    pub fn watched(&self) -> usize {
        self.post.lock().len()
    }
}

impl<K> Clone for Warden<K> {
    fn clone(&self) -> Self {
        Self { post: Arc::clone(&self.post) }
    }
}

impl<K: Send + Sync + 'static> Default for Warden<K> {
    /// As [`new`](Self::new).
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Send + Sync + 'static> fmt::Debug for Warden<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Warden").field("watched", &self.watched()).finish_non_exhaustive()
    }
}
