//! Many clients that talk, each until its connection ends.

use super::{Outcome, process::PATIENCE};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{Semaphore, watch},
    time::{Interval, MissedTickBehavior, interval_at, timeout},
};
use wharf::{Client, EndedBy, WebSocket};

/// How far apart the messages of one client are.
const EVERY: Duration = Duration::from_secs(1);

/// An echo counts as one; a client that has had so many is at work.
const AT_WORK: u64 = 2;

/// How a connection ended.
#[derive(Debug)]
pub(crate) struct Fate {
    pub(crate) at: Instant,
    /// The close code, and whether the peer sent it in a closing handshake; or what went wrong.
    pub(crate) ending: Result<(u16, Manner), String>,
    pub(crate) sent: u64,
    pub(crate) echoed: u64,
}

/// Who closed, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// The server did, in order.
    Farewell,
    /// Anything else.
    Other,
}

/// What all clients share.
#[derive(Clone)]
pub(crate) struct Crowd {
    client: Client,
    url: String,
    /// Handshakes at once: more than the backlog of a listener holds would wait for the system to try again.
    gate: Arc<Semaphore>,
    at_work: watch::Sender<usize>,
}

impl Crowd {
    pub(crate) fn new(url: String) -> Self {
        let gate = Arc::new(Semaphore::new(64));
        let client = Client::builder().deadline(PATIENCE).build();
        Self { client, url, gate, at_work: watch::Sender::new(0) }
    }

    /// Waits until so many have had their first echoes.
    pub(crate) async fn works(&self, count: usize) -> Outcome {
        let mut at_work = self.at_work.subscribe();
        if timeout(PATIENCE, at_work.wait_for(|clients| *clients == count)).await.is_ok() {
            return Ok(());
        }
        Err(format!("only {} of {count} connections work", *at_work.borrow()).into())
    }

    /// One client, from its beginning to its end. `place` of 0 to 1 tells when in a second it speaks.
    pub(crate) async fn member(self, place: f64) -> Outcome<Fate> {
        let permit = self.gate.acquire().await?;
        let socket = self.client.connect(&self.url).await?;
        drop(permit);
        let mut ticks = interval_at(tokio::time::Instant::now() + EVERY.mul_f64(place), EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(self.talk(socket, ticks).await)
    }

    async fn talk(&self, socket: WebSocket, mut ticks: Interval) -> Fate {
        let (sender, mut receiver) = socket.split();
        let (mut sent, mut echoed) = (0_u64, 0_u64);
        let ending = loop {
            let received = tokio::select! {
                received = receiver.recv() => received,
                _ = ticks.tick() => {
                    // A connection that has begun to close takes nothing more.
                    sent += u64::from(sender.try_send(&sent.to_le_bytes()[..]).is_ok());
                    continue;
                }
            };
            match received {
                Ok(Some(echo)) if echo.as_bytes() == echoed.to_le_bytes() => echoed += 1,
                Ok(Some(_)) => break Err(format!("echo {echoed} is another one")),
                Ok(None) => break receiver.ending().ok_or_else(|| "no ending".to_owned()),
                Err(error) => break Err(error.to_string()),
            }
            if echoed == AT_WORK {
                self.at_work.send_modify(|clients| *clients += 1);
            }
        };
        let ending = ending.map(|ending| {
            let farewell = ending.is_clean() && ending.by() == EndedBy::Peer;
            (ending.code(), if farewell { Manner::Farewell } else { Manner::Other })
        });
        Fate { at: Instant::now(), ending, sent, echoed }
    }
}
