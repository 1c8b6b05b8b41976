//! A client that stays connected, and keeps books of what it sends.

use super::account::{Account, Down};
use std::{
    collections::HashSet,
    pin::pin,
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};
use wharf::{Backoff, Client, CloseCode, DownReason, ReconnectEvent, Unsent};

/// The window of the first delay, and the widest one.
pub(crate) const FIRST: Duration = Duration::from_secs(1);
pub(crate) const LONGEST: Duration = Duration::from_secs(8);

/// What one attempt may take.
pub(crate) const ATTEMPT: Duration = Duration::from_secs(20);

/// How a client behaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pattern {
    /// What becomes of messages while there is no connection.
    pub(crate) unsent: Unsent,
    /// How far apart its messages are.
    pub(crate) every: Duration,
}

/// Who is where, for the one who kills servers.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// Has had an echo over its connection, and not lost it.
    pub(crate) served: HashSet<u32>,
    /// Attempts that came to nothing since the last server ended.
    pub(crate) refused: usize,
}

/// Stays connected and sends until it is told to stop.
pub(crate) async fn run(
    url: String,
    mut account: Account,
    standing: watch::Sender<Standing>,
    mut stop: watch::Receiver<bool>,
) -> Account {
    let backoff = Backoff::new().first(FIRST).longest(LONGEST).stable_after(Duration::ZERO);
    let client = Client::builder().deadline(ATTEMPT).build();
    let link = client.reconnecting(url).backoff(backoff).unsent(account.pattern.unsent);
    let mut link = link.confirm_every(Duration::from_millis(50)).build();
    let mut ticks = interval(account.pattern.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut stopped = pin!(stop.wait_for(|stop| *stop));
    let mut failures = 0;
    loop {
        let event = tokio::select! {
            event = link.next() => event.expect("it does not give up"),
            _ = ticks.tick() => { account.send(&link); continue }
            _ = &mut stopped => break,
        };
        match event {
            ReconnectEvent::Up { .. } => {
                failures = 0;
                account.ups.push(Instant::now());
            }
            ReconnectEvent::Message(echo) => {
                let number = echo.as_bytes()[..8].try_into().expect("it is our own");
                account.echoes.push(u64::from_le_bytes(number));
                let client = account.client;
                standing.send_if_modified(|standing| standing.served.insert(client));
            }
            ReconnectEvent::Down { reason, retry_in, gap, .. } => {
                failures += 1;
                let retry_in = retry_in.unwrap_or_else(|| panic!("it gives up: {reason}"));
                account.downs.push(Down { at: Instant::now(), failures, retry_in });
                account.gaps.push(gap);
                standing.send_modify(|standing| {
                    standing.served.remove(&account.client);
                    standing.refused += usize::from(matches!(reason, DownReason::NotOpened(_)));
                });
            }
            _ => panic!("an event that is not known"),
        }
    }
    account.gaps.push(link.close(CloseCode::NORMAL).await);
    account
}
