//! The client: any number of calls at once, and what the server tells unasked.

use crate::{
    SUBPROTOCOL,
    wire::{self, Call, Fault},
};
use anyhow::{Context, bail};
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use wharf::{CloseCode, Ending, Message, Receiver, Sender};

/// How long an answer may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// Notifications that may wait to be taken; then nothing more is read, answers neither.
const NOTIFICATIONS: usize = 64;

type Answer = Result<Value, Fault>;

/// A connection for calls.
pub(crate) struct Client {
    sender: Sender,
    pending: Arc<Pending>,
    next: AtomicU64,
}

/// Who waits for which answer.
#[derive(Default)]
struct Pending(Mutex<HashMap<u64, oneshot::Sender<Answer>>>);

/// Forgets a call that nobody waits for any more.
struct Waiting<'a>(&'a Pending, u64);

impl Client {
    /// Connects; the second value gives the notifications.
    pub(crate) async fn connect(url: &str) -> anyhow::Result<(Self, mpsc::Receiver<Call>)> {
        let client =
            wharf::Client::builder().subprotocols([SUBPROTOCOL])?.require_subprotocol().build();
        let (sender, receiver) = client.connect(url).await?.split();
        let (told, notifications) = mpsc::channel(NOTIFICATIONS);
        let pending = Arc::<Pending>::default();
        tokio::spawn(read(receiver, Arc::clone(&pending), told));
        Ok((Self { sender, pending, next: AtomicU64::new(1) }, notifications))
    }

    /// Calls a method, and waits for its answer.
    pub(crate) async fn call(&self, method: &str, params: Value) -> anyhow::Result<Value> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        self.pending.lock().insert(id, answer);
        let _waiting = Waiting(&self.pending, id);
        self.sender.send(wire::call(method, &params, Some(id))).await?;
        match timeout(DEADLINE, answered).await {
            Ok(Ok(answer)) => Ok(answer?),
            Ok(Err(_)) => bail!("the connection ended before {method} was answered"),
            Err(_) => bail!("{method} was not answered within {DEADLINE:?}"),
        }
    }

    /// Ends the connection in order.
    pub(crate) async fn close(&self) -> Ending {
        self.sender.close(CloseCode::NORMAL);
        self.sender.closed().await
    }
}

/// Drives the connection and sorts what comes.
async fn read(mut receiver: Receiver, pending: Arc<Pending>, told: mpsc::Sender<Call>) {
    while let Ok(Some(message)) = receiver.recv().await {
        if let Err(error) = sort(&message, &pending, &told).await {
            println!("the server said what JSON-RPC does not know: {error:#}");
        }
    }
    // Nobody waits for what will not come.
    pending.lock().clear();
}

async fn sort(
    message: &Message,
    pending: &Pending,
    told: &mpsc::Sender<Call>,
) -> anyhow::Result<()> {
    let text = message.as_text().context("a message of bytes")?;
    let value: Value = serde_json::from_str(text)?;
    if value.get("method").is_some() {
        // Whoever takes no notifications has dropped the other end.
        _ = told.send(Call::read(value)?).await;
        return Ok(());
    }
    let answer = match value.get("error") {
        Some(error) => Err(Fault::read(error)),
        None => Ok(value["result"].clone()),
    };
    let id = value["id"].as_u64().context("an answer without an id of ours")?;
    if let Some(waiting) = pending.lock().remove(&id) {
        // The caller may have given up.
        _ = waiting.send(answer);
    }
    Ok(())
}

impl Pending {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, oneshot::Sender<Answer>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().remove(&self.1);
    }
}
