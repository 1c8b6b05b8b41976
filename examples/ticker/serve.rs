//! The feed.

use anyhow::Context;
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};
use tokio::{sync::broadcast, time::MissedTickBehavior};
use wharf::{CloseCode, CloseReason, Server, WebSocket};

const SYMBOLS: [&str; 3] = ["ASH", "ELM", "OAK"];
/// How often all prices move.
const EVERY: Duration = Duration::from_millis(100);
/// Ticks that are kept for those who come back, and that may wait for one who listens.
const KEPT: usize = 600;

/// All prices at one moment; ticks are numbered without a gap.
#[derive(Debug, Clone)]
struct Tick {
    number: u64,
    prices: [u64; SYMBOLS.len()],
}

/// The last ticks, and those that come.
struct Feed {
    kept: Mutex<VecDeque<Tick>>,
    news: broadcast::Sender<Tick>,
}

/// Serves until Ctrl-C.
pub(crate) async fn run(address: &str) -> anyhow::Result<()> {
    let server = Server::bind(address).await.with_context(|| format!("listening on {address}"))?;
    println!("ws://{}/", server.local_addr()?);
    let feed = Arc::new(Feed { kept: Mutex::default(), news: broadcast::Sender::new(KEPT) });
    tokio::spawn(tick(Arc::clone(&feed)));
    server
        .with_graceful_shutdown(async { _ = tokio::signal::ctrl_c().await })
        .serve(move |socket| attend(socket, Arc::clone(&feed)))
        .await;
    Ok(())
}

/// Numbers follow the clock, so that they go on after a restart.
async fn tick(feed: Arc<Feed>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let first = u64::try_from(since.as_millis() / EVERY.as_millis()).unwrap_or_default();
    for number in first.. {
        ticks.tick().await;
        feed.publish(Tick { number, prices: prices(number) });
    }
}

/// Three curves that look alive.
fn prices(number: u64) -> [u64; SYMBOLS.len()] {
    [7, 11, 13].map(|pace| 10_000 + (number * pace) % 101 * pace)
}

impl Feed {
    fn publish(&self, tick: Tick) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(tick.clone());
        // Under the lock, so that `join` gets each tick once. Nobody may be listening.
        _ = self.news.send(tick);
    }

    /// What is kept after this tick, and all that comes then.
    fn join(&self, after: Option<u64>) -> (Vec<Tick>, broadcast::Receiver<Tick>) {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let missed = kept.iter().filter(|tick| after.is_some_and(|after| tick.number > after));
        (missed.cloned().collect(), self.news.subscribe())
    }
}

/// One who listens.
async fn attend(mut socket: WebSocket, feed: Arc<Feed>) -> anyhow::Result<()> {
    let Some(wish) = socket.recv().await? else { return Ok(()) };
    let Some((after, symbols)) = wish.as_text().and_then(read) else {
        let reason = r#"say {"subscribe": ["OAK"], "after": null}"#;
        socket.close(CloseReason::truncated(CloseCode::POLICY_VIOLATION, reason)).await;
        return Ok(());
    };
    let (missed, mut news) = feed.join(after);
    for tick in &missed {
        socket.send(tick.shown(&symbols)).await?;
    }
    loop {
        tokio::select! {
            tick = news.recv() => match tick {
                Ok(tick) => socket.send(tick.shown(&symbols)).await?,
                // The numbers will tell.
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return Ok(()),
            },
            message = socket.recv_ref() => if message?.is_none() { return Ok(()) },
        }
    }
}

/// `{"subscribe": ["OAK"], "after": 17}`: no symbol means all of them.
fn read(text: &str) -> Option<(Option<u64>, Vec<usize>)> {
    let wish: Value = serde_json::from_str(text).ok()?;
    let names = wish["subscribe"].as_array()?;
    let wanted = |name: &str| names.is_empty() || names.iter().any(|each| each == name);
    let symbols = (0..SYMBOLS.len()).filter(|&at| wanted(SYMBOLS[at])).collect();
    Some((wish["after"].as_u64(), symbols))
}

impl Tick {
    fn shown(&self, symbols: &[usize]) -> String {
        let prices: serde_json::Map<String, Value> =
            symbols.iter().map(|&at| (SYMBOLS[at].to_owned(), self.prices[at].into())).collect();
        json!({ "number": self.number, "prices": prices }).to_string()
    }
}
