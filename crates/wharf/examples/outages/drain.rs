//! A server under load is told to leave.

use super::{
    Outcome,
    crowd::{Crowd, Fate, Manner},
    curve::curve,
    process::{PATIENCE, Process},
};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use tokio::time::timeout;
use wharf::{Client, Stage};

/// From the last cut to the end of the process.
const EXIT: Duration = Duration::from_secs(20);

/// Connects so many clients to this server, sends it SIGTERM, and tells how it went.
pub(crate) async fn play(connections: u32, seconds: u64, server: &[&str]) -> Outcome<String> {
    let within = Duration::from_secs(seconds);
    let (program, arguments) = server.split_first().ok_or("which server?")?;
    let mut server = Process::start(program, arguments).await?;
    let crowd = Crowd::new(server.url.clone());
    let start = |number: u32| {
        tokio::spawn(crowd.clone().member(f64::from(number) / f64::from(connections)))
    };
    let members: Vec<_> = (0..connections).map(start).collect();
    crowd.works(usize::try_from(connections)?).await?;
    let told = Instant::now();
    server.terminate().await?;
    let newcomer = Newcomer::of(arguments);
    newcomer.knocks(&server.url, told + within).await?;
    let status = server.ended(within + EXIT).await?;
    let ended = told.elapsed();
    let mut fates = Vec::new();
    for member in members {
        fates.push(timeout(PATIENCE, member).await???);
    }
    judge(&fates, told, within)?;
    let head = format!(
        "{connections} connections, {within:?} to drain: {status} after {ended:?}; newcomers: {newcomer:?}\n"
    );
    Ok(head + &summary(&fates, told))
}

/// What becomes of somebody who comes too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Newcomer {
    /// Status 503, and a time to come back.
    Refused,
    /// Nobody listens.
    NotHeard,
}

impl Newcomer {
    /// What this server does with one.
    fn of(arguments: &[&str]) -> Self {
        if arguments.contains(&"--drain-refuse") { Self::Refused } else { Self::NotHeard }
    }

    /// Knocks until it comes to this. At the first moments one may be welcome still, be refused by a server that had
    /// begun to listen to it, or be cut while waiting at a listener that closes.
    async fn knocks(self, url: &str, until: Instant) -> Outcome {
        let client = Client::builder().deadline(PATIENCE).build();
        while Instant::now() < until {
            let Err(error) = client.connect(url).await else { continue };
            let Some(response) = error.response() else {
                match (self, error.stage()) {
                    (Self::NotHeard, Stage::Connect) => return Ok(()),
                    (Self::NotHeard, Stage::Upgrade) => continue,
                    _ => return Err(error.into()),
                }
            };
            if response.status() != 503 || !response.headers().contains_key("retry-after") {
                return Err(error.into());
            }
            if self == Self::Refused {
                return Ok(());
            }
        }
        Err(format!("it never came to this for newcomers: {self:?}").into())
    }
}

/// Every connection lasted until the server was told, and heard a farewell within the deadline.
fn judge(fates: &[Fate], told: Instant, within: Duration) -> Outcome {
    let mut wrong = BTreeMap::<String, usize>::new();
    for fate in fates {
        let what = match &fate.ending {
            _ if fate.at < told => "ended before the server was told".to_owned(),
            _ if fate.at > told + within => "ended after the deadline".to_owned(),
            Ok((1001 | 1012, Manner::Farewell)) => continue,
            Ok((code, manner)) => format!("ended with {code}, {manner:?}"),
            Err(error) => error.clone(),
        };
        *wrong.entry(what).or_default() += 1;
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("connections that {wrong:?}").into()) }
}

fn summary(fates: &[Fate], told: Instant) -> String {
    let mut times: Vec<_> = fates.iter().map(|fate| fate.at - told).collect();
    times.sort_unstable();
    let mut codes = BTreeMap::<u16, usize>::new();
    for (code, _) in fates.iter().filter_map(|fate| fate.ending.as_ref().ok()) {
        *codes.entry(*code).or_default() += 1;
    }
    let (sent, echoed) =
        fates.iter().fold((0, 0), |sum, fate| (sum.0 + fate.sent, sum.1 + fate.echoed));
    let last = times.last().copied().unwrap_or_default();
    format!(
        "codes {codes:?}, all by the server and in order\n{sent} messages sent, {} of them when it was too late for \
         an echo\n{}",
        sent - echoed,
        curve(&times, last)
    )
}
