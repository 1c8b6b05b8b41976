//! How many connections may be open for one key.

use bytes::Bytes;
use http::{Response, StatusCode, header::RETRY_AFTER};
use std::{
    collections::HashMap,
    error::Error,
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A cap on connections for each key that the application names: a user, a tenant, an API key. Cheap to clone; clones
/// count together.
///
/// A [`QuotaGuard`] counts until it is dropped: keep it where the socket is, for as long. It works with a
/// [`Server`](crate::Server), with a bare [`Acceptor`](crate::Acceptor), and with whatever else hands out sockets.
///
/// A key is remembered while a guard of it lives, and no longer; so there are never more keys than guards.
///
/// ```no_run
/// # async fn run() -> std::io::Result<()> {
/// use wharf::{Quota, Request, Server};
///
/// let each = Quota::new(5);
/// let server = Server::bind("127.0.0.1:9001").await?;
/// server
///     .serve_requests(move |request: Request| {
///         let each = each.clone();
///         async move {
///             let user = request.headers().get("x-user").map(|user| user.as_bytes().to_vec());
///             let _guard = match each.enter(user) {
///                 Ok(guard) => guard,
///                 Err(full) => return request.refuse(full.response()).await,
///             };
///             let mut socket = request.accept().await?;
///             while let Ok(Some(message)) = socket.recv().await {
///                 if socket.send(message).await.is_err() {
///                     break;
///                 }
///             }
///             Ok(())
///         }
///     })
///     .await;
/// # Ok(())
/// # }
/// ```
pub struct Quota<K: Eq + Hash>(Arc<Counted<K>>);

struct Counted<K> {
    most: usize,
    open: Mutex<HashMap<K, usize>>,
}

/// The right to one connection for a key; ends when dropped.
#[must_use = "it counts only while it is kept"]
pub struct QuotaGuard<K: Eq + Hash> {
    quota: Quota<K>,
    key: K,
}

impl<K: Eq + Hash> Quota<K> {
    /// At most so many connections for each key. With 0 there is none for anybody.
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Counted { most, open: Mutex::default() }))
    }

    /// One more connection for this key.
    ///
    /// # Errors
    /// The key has as many as it may.
    pub fn enter(&self, key: K) -> Result<QuotaGuard<K>, QuotaExceeded>
    where
        K: Clone,
    {
        let mut open = self.lock();
        let now = open.get(&key).copied().unwrap_or(0);
        if now >= self.0.most {
            return Err(QuotaExceeded { most: self.0.most });
        }
        open.insert(key.clone(), now + 1);
        drop(open);
        Ok(QuotaGuard { quota: self.clone(), key })
    }

    /// Connections that are open for this key.
    pub fn open(&self, key: &K) -> usize {
        self.lock().get(key).copied().unwrap_or(0)
    }

    /// Keys with an open connection.
    pub fn keys(&self) -> usize {
        self.lock().len()
    }

    fn leave(&self, key: &K) {
        let mut open = self.lock();
        match open.get_mut(key) {
            Some(now) if *now > 1 => *now -= 1,
            _ => drop(open.remove(key)),
        }
        // After a flood of keys its room is given back.
        if open.capacity() > SPARE && open.len() < open.capacity() / 8 {
            let room = open.len() * 2;
            open.shrink_to(room);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        // A hash or a comparison that panics leaves the map whole.
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// So many keys may have room though nobody has them.
const SPARE: usize = 1024;

impl<K: Eq + Hash> Drop for QuotaGuard<K> {
    fn drop(&mut self) {
        self.quota.leave(&self.key);
    }
}

impl<K: Eq + Hash> Clone for Quota<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Eq + Hash> fmt::Debug for Quota<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quota").field("most", &self.0.most).field("keys", &self.keys()).finish()
    }
}

/// A key may be a secret: it is not shown.
impl<K: Eq + Hash> fmt::Debug for QuotaGuard<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QuotaGuard").finish_non_exhaustive()
    }
}

/// A key has as many connections as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaExceeded {
    /// So many.
    pub most: usize,
}

impl QuotaExceeded {
    /// What to tell the client: 429 with `Retry-After` (RFC 6585 §4). It does not name the key.
    pub fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from_static(b"too many connections\n"));
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert(RETRY_AFTER, 1.into());
        response
    }
}

impl fmt::Display for QuotaExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} connections are open for this key, and no more may be (Quota::new)",
            self.most
        )
    }
}

impl Error for QuotaExceeded {}

#[cfg(test)]
mod tests {
    use super::*;

    /// checklist 142.
    #[test]
    fn each_key_has_its_own_share() {
        let quota = Quota::new(2);
        let guards = [quota.enter("a"), quota.clone().enter("a"), quota.enter("b")];
        assert!(guards.iter().all(Result::is_ok));
        assert_eq!(quota.enter("a").unwrap_err(), QuotaExceeded { most: 2 });
        assert!(quota.enter("b").is_ok());
        drop(guards);
        assert!(quota.enter("a").is_ok());
    }

    #[test]
    fn a_key_that_left_is_forgotten() {
        let quota = Quota::new(1);
        let guards: Vec<_> = (0..10_000).map(|key| quota.enter(key).unwrap()).collect();
        assert_eq!((quota.keys(), quota.open(&9_999)), (10_000, 1));
        drop(guards);
        assert_eq!((quota.keys(), quota.open(&9_999)), (0, 0));
        assert!(quota.lock().capacity() <= SPARE, "and its room is given back");
    }

    #[test]
    fn the_client_is_told_429_and_not_the_key() {
        let full = Quota::new(0).enter("secret").unwrap_err();
        let response = full.response();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["retry-after"]),
            (429, &1.into())
        );
        assert!(!full.to_string().contains("secret"));
    }
}
