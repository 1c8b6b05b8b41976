//! The client that stays connected.

use anyhow::bail;
use serde_json::{Value, json};
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use wharf::{Backoff, BoxFuture, Client, CloseCode, ReconnectEvent, Resume, SendError, WebSocket};

/// The number of the last tick that was seen; 0 before the first.
type Seen = Arc<AtomicU64>;

/// Prints ticks and gaps until Ctrl-C, or until it is no use to come back.
pub(crate) async fn run(url: &str, symbols: &[&str]) -> anyhow::Result<()> {
    let seen = Seen::default();
    let mut link = Client::default()
        .reconnecting(url)
        .backoff(Backoff::new().first(Duration::from_secs(1)).longest(Duration::from_secs(30)))
        .on_open(subscribe(symbols, &seen))
        .build();
    // One for all turns: a signal that comes while a line is printed would be nobody's otherwise.
    let mut stop = pin!(tokio::signal::ctrl_c());
    loop {
        let event = tokio::select! {
            biased;
            _ = &mut stop => break,
            event = link.next() => event,
        };
        match event {
            Some(ReconnectEvent::Up { connection, .. }) => println!("up: connection {connection}"),
            Some(ReconnectEvent::Message(message)) => {
                tell(message.as_text().unwrap_or_default(), &seen);
            }
            Some(ReconnectEvent::Down { reason, retry_in: Some(wait), .. }) => {
                println!("down: {reason}; again in {wait:.1?}");
            }
            Some(ReconnectEvent::Down { reason, .. }) => bail!("given up: {reason}"),
            Some(_) => {}
            None => bail!("there will be no connection any more"),
        }
    }
    link.close(CloseCode::NORMAL).await;
    println!("closed after tick {}", seen.load(Ordering::Relaxed));
    Ok(())
}

type Subscription = BoxFuture<'static, Result<WebSocket, SendError>>;

/// What is said first on each connection: what we want, and from where on.
fn subscribe(
    symbols: &[&str],
    seen: &Seen,
) -> impl Fn(WebSocket, Resume) -> Subscription + Send + Sync + 'static {
    let (symbols, seen) = (json!(symbols), Arc::clone(seen));
    move |mut socket, _| {
        let after = match seen.load(Ordering::Relaxed) {
            0 => Value::Null,
            last => last.into(),
        };
        let wish = json!({ "subscribe": symbols, "after": after }).to_string();
        Box::pin(async move {
            socket.send(wish).await?;
            Ok(socket)
        })
    }
}

/// Prints a tick, and how many are missing before it.
fn tell(text: &str, seen: &Seen) {
    let tick: Value = serde_json::from_str(text).unwrap_or_default();
    let Some(number) = tick["number"].as_u64() else {
        println!("no tick: {}", text.escape_debug());
        return;
    };
    let last = seen.swap(number, Ordering::Relaxed);
    if last != 0 && number > last + 1 {
        println!("gap: {} ticks are missing", number - last - 1);
    }
    println!("{number} {}", tick["prices"]);
}
