//! A peer that speaks and does not listen.

use super::{event::Event, link::Link, miss::Miss, pipe::Taken};
use crate::wire::frame::Frame;
use tokio::time::{Duration, Instant};

/// A target that takes nothing for so long waits for its peer to read.
const STILL: Duration = Duration::from_secs(2);

/// Writes without reading. A target has three good ways out: it stops to read, it closes, it drops. To hold whatever
/// comes is none.
pub(crate) async fn unread(link: &mut Link, frame: &Frame, count: usize) -> Result<(), Miss> {
    let bytes = frame.bytes(link.tester);
    let note = format!("{} bytes of payload", frame.payload().len());
    for _ in 0..count {
        if link.pipe.write_deaf(&note, &bytes, STILL).await == Taken::No {
            return Ok(());
        }
    }
    match echoes(link, count).await {
        all if all == count => Err(Miss::accepted(format!(
            "the target took {count} messages of {} bytes and held all of them for a peer that read nothing",
            frame.payload().len()
        ))),
        _ => Ok(()),
    }
}

/// How many messages come back.
async fn echoes(link: &mut Link, most: usize) -> usize {
    let mut count = 0;
    while count < most {
        match link.next(Instant::now() + link.pace().bound()).await {
            Some(Event::Message { .. }) => count += 1,
            Some(Event::Ping(_) | Event::Pong(_)) => {}
            Some(Event::Close(_) | Event::Broken(_) | Event::End(_)) | None => break,
        }
    }
    count
}
