//! A head that never ends.

use super::{
    miss::Miss,
    pace::Pace,
    pipe::{Pipe, Waited},
};
use crate::{case::opening::Stall, wire::http::Came};
use std::time::Duration;
use tokio::time::Instant;

/// How long a handshake may take: what the most patient peers of the field wait for, and some more.
const LONGEST: Duration = Duration::from_secs(40);
/// From octet to octet, for a head that drips.
const DRIP: Duration = Duration::from_millis(400);

/// Sends the beginning of a head, and waits until the target gives up.
pub(crate) async fn stalled(
    pipe: &mut Pipe,
    beginning: &[u8],
    stall: Stall,
    pace: Pace,
) -> Result<(), Miss> {
    let within = pace.at_most(LONGEST);
    let until = Instant::now() + within;
    pipe.write("a head without its end", beginning, Instant::now() + pace.bound()).await;
    while pipe.ended.is_none() {
        if let Some(came) = Came::parse(&pipe.inbox) {
            return judge(&came);
        }
        let next = match stall {
            Stall::Silent => until,
            Stall::Dripping => until.min(Instant::now() + DRIP),
        };
        if pipe.read(next).await == Waited::Came {
            continue;
        }
        if Instant::now() >= until {
            return Err(Miss::accepted(format!("the target still waits after {within:?}")));
        }
        pipe.write("one octet more", b"x", until).await;
    }
    Ok(())
}

fn judge(came: &Came) -> Result<(), Miss> {
    match came.status() {
        Some(400..600) => Ok(()),
        _ => Err(Miss::wrong(format!("half a head was answered with {:?}", came.first))),
    }
}
