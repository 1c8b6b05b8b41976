//! A client that stays connected.

use super::{
    event::{DownReason, ReconnectEvent},
    link::Link,
    queue::Gap,
    refused::NotQueued,
    schedule::Schedule,
    sender::ReconnectingSender,
    shared::Shared,
    verdict::Verdict,
};
use crate::{
    client::connect::Client,
    entropy::random,
    observe::meters::{self, Retry},
    socket::websocket::WebSocket,
};
use futures_core::Stream;
use http::Response;
use std::{
    error, fmt,
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, SystemTime},
};
use tokio::time::{Instant, Sleep, sleep, timeout};
use wharf_proto::{CloseReason, Outgoing};

/// A client that stays connected: it opens a connection, and when it loses it another one.
///
/// [`next`](Self::next) tells what happens, and nothing happens unless it is polled: there is no background task.
/// Messages go through a queue of its own, bounded in bytes, from [`try_send`](Self::try_send) or from any
/// number of [`sender`](Self::sender)s. Each is sent once, over one connection; which of them may be lost with it a
/// [`Gap`] tells.
///
/// ```no_run
/// # async fn example() {
/// use wharf::{Client, ReconnectEvent};
///
/// let mut link = Client::default()
///     .reconnecting("wss://feed.example/")
///     .on_open(|mut socket, _| async {
///         socket.send("subscribe").await?;
///         Ok::<_, wharf::SendError>(socket)
///     })
///     .build();
/// while let Some(event) = link.next().await {
///     match event {
///         ReconnectEvent::Message(message) => println!("{message:?}"),
///         ReconnectEvent::Down { reason, retry_in, gap, .. } => {
///             println!("{reason}; again in {retry_in:?}; perhaps lost: {:?}", gap.uncertain());
///         }
///         _ => {}
///     }
/// }
/// # }
/// ```
pub struct Reconnecting {
    plan: Arc<Plan>,
    shared: Arc<Shared>,
    schedule: Schedule,
    state: State,
    epoch: Instant,
    connections: u64,
    /// What was lost with the connection before.
    last_gap: Gap,
}

/// What does not change.
pub(crate) struct Plan {
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) hook: Option<Box<Hook>>,
    pub(crate) hook_within: Duration,
    pub(crate) judge: Box<Judge>,
    pub(crate) confirm_every: Duration,
    pub(crate) close_within: Duration,
}

pub(crate) type Judge = dyn Fn(&DownReason, Verdict) -> Verdict + Send + Sync;
pub(crate) type Hook = dyn Fn(WebSocket, Resume) -> Resuming + Send + Sync;
pub(crate) type Resuming = Pin<Box<dyn Future<Output = Resumed> + Send>>;
pub(crate) type Resumed = Result<WebSocket, Box<dyn error::Error + Send + Sync>>;

/// What is known when a connection has been opened and is to be taken up.
#[derive(Debug)]
#[non_exhaustive]
pub struct Resume {
    /// Which connection it is, from 1.
    pub connection: u64,
    /// What may have been lost with the connection before, or was.
    pub gap: Gap,
}

type Opening = Pin<Box<dyn Future<Output = Result<(WebSocket, Response<()>), DownReason>> + Send>>;

enum State {
    Opening(Opening),
    Up(Box<Link>),
    Waiting(Pin<Box<Sleep>>),
    Over,
}

impl Reconnecting {
    pub(crate) fn new(plan: Plan, shared: Shared, schedule: Schedule) -> Self {
        Self {
            plan: Arc::new(plan),
            shared: Arc::new(shared),
            schedule,
            // The first attempt does not wait: a user does, and no server has lost anybody.
            state: State::Waiting(Box::pin(sleep(Duration::ZERO))),
            epoch: Instant::now(),
            connections: 0,
            last_gap: Gap::default(),
        }
    }

    /// What happens next; `None` when there will be no connection any more.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the next call goes on, also with an attempt that was under way.
    pub async fn next(&mut self) -> Option<ReconnectEvent> {
        poll_fn(|cx| self.poll_event(cx)).await
    }

    /// See [`ReconnectingSender::try_send`]. To wait for room, use a [`sender`](Self::sender) in another task, or
    /// beside [`next`](Self::next): only that drives the connection.
    ///
    /// # Errors
    /// See there.
    pub fn try_send<'a>(&self, message: impl Into<Outgoing<'a>>) -> Result<u64, NotQueued> {
        self.shared.try_push(message.into().into_owned())
    }

    /// A handle for sending, for this or another task.
    pub fn sender(&self) -> ReconnectingSender {
        ReconnectingSender::new(Arc::clone(&self.shared))
    }

    /// Accepts no more messages, sends those that wait if there is a connection, and closes it in order, within
    /// [`close_within`](crate::ReconnectingBuilder::close_within). Tells what may not have arrived. Messages that come
    /// meanwhile are discarded.
    ///
    /// # Cancel safety
    /// Dropping the future ends the connection with 1001, and what waits is lost.
    pub async fn close(mut self, reason: impl Into<CloseReason>) -> Gap {
        self.shared.refuse();
        let within = self.plan.close_within;
        if let State::Up(link) = &mut self.state {
            let _ = timeout(within, link.see_off(&self.shared, reason.into())).await;
        }
        self.shared.end()
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<ReconnectEvent>> {
        loop {
            match &mut self.state {
                State::Opening(opening) => {
                    let opened = ready!(opening.as_mut().poll(cx));
                    return Poll::Ready(Some(match opened {
                        Ok((socket, response)) => self.up(socket, response),
                        Err(reason) => self.down(reason),
                    }));
                }
                State::Up(link) => {
                    return Poll::Ready(Some(match ready!(link.poll(&self.shared, cx)) {
                        Ok(message) => ReconnectEvent::Message(message),
                        Err(reason) => self.down(reason),
                    }));
                }
                State::Waiting(sleep) => {
                    ready!(sleep.as_mut().poll(cx));
                    self.state = State::Opening(self.open());
                }
                State::Over => return Poll::Ready(None),
            }
        }
    }

    /// An attempt, and what is to happen first on its connection.
    fn open(&self) -> Opening {
        meters::reconnect_attempt();
        let plan = Arc::clone(&self.plan);
        let connecting = plan.client.connect(&plan.url).with_response();
        let resume = Resume { connection: self.connections + 1, gap: self.last_gap.clone() };
        Box::pin(async move {
            let (socket, response) = connecting.await.map_err(DownReason::NotOpened)?;
            let Some(hook) = &plan.hook else { return Ok((socket, response)) };
            let limit = plan.hook_within;
            match timeout(limit, hook(socket, resume)).await {
                Ok(resumed) => Ok((resumed.map_err(DownReason::NotResumed)?, response)),
                Err(_) => Err(DownReason::ResumeTimedOut(limit)),
            }
        })
    }

    fn up(&mut self, socket: WebSocket, response: Response<()>) -> ReconnectEvent {
        self.connections += 1;
        self.schedule.on_up(self.epoch.elapsed());
        self.shared.on_up();
        self.state = State::Up(Box::new(Link::new(socket, self.plan.confirm_every)));
        ReconnectEvent::Up { connection: self.connections, response: Box::new(response) }
    }

    fn down(&mut self, reason: DownReason) -> ReconnectEvent {
        let verdict = (self.plan.judge)(&reason, reason.verdict(SystemTime::now()));
        // Without entropy no connection can be opened either; then the longest delay is good enough.
        let random = random().map_or(u64::MAX, u64::from_le_bytes);
        let retry_in = self.schedule.on_down(verdict, self.epoch.elapsed(), random);
        let retry = if retry_in.is_some() { Retry::Follows } else { Retry::Never };
        meters::reconnect_down(reason.name(), retry);
        tracing::debug!(reason = reason.name(), ?retry_in, "down");
        let was_up = matches!(self.state, State::Up(_));
        let gap = if retry_in.is_some() { self.shared.on_down() } else { self.shared.end() };
        self.state = match retry_in {
            Some(delay) => State::Waiting(Box::pin(sleep(delay))),
            None => State::Over,
        };
        if was_up {
            self.last_gap = gap.clone();
        }
        ReconnectEvent::Down { reason, retry_in, gap }
    }
}

impl Stream for Reconnecting {
    type Item = ReconnectEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<ReconnectEvent>> {
        self.poll_event(cx)
    }
}

/// Who sends hears that there is nobody any more.
impl Drop for Reconnecting {
    fn drop(&mut self) {
        self.shared.refuse();
    }
}

impl fmt::Debug for Reconnecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reconnecting")
            .field("connections", &self.connections)
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}
