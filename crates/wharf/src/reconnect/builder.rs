//! How a client that stays connected is set.

use super::{
    backoff::Backoff,
    event::DownReason,
    queue::Unsent,
    reconnecting::{Hook, Judge, Plan, Reconnecting, Resume},
    schedule::Schedule,
    shared::Shared,
    verdict::Verdict,
};
use crate::{client::connect::Client, socket::websocket::WebSocket};
use std::{error::Error, fmt, future::Future, time::Duration};

/// Makes a [`Reconnecting`].
pub struct ReconnectingBuilder {
    client: Client,
    url: String,
    backoff: Backoff,
    queue_limit: u32,
    unsent: Unsent,
    hook: Option<Box<Hook>>,
    hook_within: Duration,
    judge: Box<Judge>,
    confirm_every: Duration,
    close_within: Duration,
}

impl Client {
    /// A client that stays connected to this URL. Each attempt is one of this client's, with its deadline; without
    /// one an attempt may hang for ever.
    pub fn reconnecting(&self, url: impl Into<String>) -> ReconnectingBuilder {
        ReconnectingBuilder::new(self.clone(), url.into())
    }
}

impl ReconnectingBuilder {
    pub(crate) fn new(client: Client, url: String) -> Self {
        Self {
            client,
            url,
            backoff: Backoff::default(),
            queue_limit: 1 << 20,
            unsent: Unsent::default(),
            hook: None,
            hook_within: Duration::from_secs(10),
            judge: Box::new(|_, verdict| verdict),
            confirm_every: Duration::from_secs(1),
            close_within: Duration::from_secs(10),
        }
    }

    /// When to connect again, and when to give up.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// Bytes that may wait to be sent; each message takes 64 beside its own. Default: 1 MiB. Whoever sends more
    /// waits.
    #[must_use]
    pub const fn queue_limit(mut self, bytes: u32) -> Self {
        self.queue_limit = bytes;
        self
    }

    /// What becomes of messages that wait when the connection is lost. Default: [`Unsent::Keep`].
    #[must_use]
    pub const fn unsent(mut self, unsent: Unsent) -> Self {
        self.unsent = unsent;
        self
    }

    /// What is to happen first on each connection, before what waits is sent: to log in, to subscribe, to resume.
    /// It gets the socket, may send and receive, and gives it back. What it sends is not numbered. An error or the
    /// end of its time ([`resume_within`](Self::resume_within)) ends the connection, and it is tried again.
    ///
    /// # Cancel safety
    /// The future, and the socket with it, is dropped with the [`Reconnecting`], and when its time is over.
    #[must_use]
    pub fn on_open<F, E>(
        mut self,
        hook: impl Fn(WebSocket, Resume) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<WebSocket, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        self.hook = Some(Box::new(move |socket, resume| {
            let resuming = hook(socket, resume);
            Box::pin(async move { resuming.await.map_err(Into::into) })
        }));
        self
    }

    /// How long [`on_open`](Self::on_open) may take. Default: 10 s.
    #[must_use]
    pub const fn resume_within(mut self, time: Duration) -> Self {
        self.hook_within = time;
        self
    }

    /// Has the last word on what follows from a loss: it gets the reason, and what would follow.
    ///
    /// ```
    /// use wharf::{Client, DownReason, Verdict};
    ///
    /// let link = Client::default().reconnecting("wss://feed.example/").judge(|reason, verdict| match reason {
    ///     // Here, 4001 means that the room is closed.
    ///     DownReason::Ended(ending) if ending.code() == 4001 => Verdict::GiveUp,
    ///     _ => verdict,
    /// });
    /// # drop(link);
    /// ```
    #[must_use]
    pub fn judge(
        mut self,
        judge: impl Fn(&DownReason, Verdict) -> Verdict + Send + Sync + 'static,
    ) -> Self {
        self.judge = Box::new(judge);
        self
    }

    /// How far apart Pings are that find out what has arrived, while messages are being sent; the more often, the
    /// less is uncertain when a connection is lost. Default: 1 s.
    #[must_use]
    pub const fn confirm_every(mut self, time: Duration) -> Self {
        self.confirm_every = time;
        self
    }

    /// How long [`Reconnecting::close`] may take. Default: 10 s.
    #[must_use]
    pub const fn close_within(mut self, time: Duration) -> Self {
        self.close_within = time;
        self
    }

    /// The client; it does nothing until it is polled. It must be made in a tokio runtime.
    pub fn build(self) -> Reconnecting {
        let plan = Plan {
            client: self.client,
            url: self.url,
            hook: self.hook,
            hook_within: self.hook_within,
            judge: self.judge,
            confirm_every: self.confirm_every,
            close_within: self.close_within,
        };
        let shared = Shared::new(self.queue_limit, self.unsent);
        Reconnecting::new(plan, shared, Schedule::new(self.backoff))
    }
}

/// The URL may hold a password.
impl fmt::Debug for ReconnectingBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReconnectingBuilder")
            .field("backoff", &self.backoff)
            .field("queue_limit", &self.queue_limit)
            .field("unsent", &self.unsent)
            .finish_non_exhaustive()
    }
}
