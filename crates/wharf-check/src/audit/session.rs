//! Frames on an open connection, and what comes back: bounded in time and in bytes.

use super::{
    probe::{After, Session},
    seen::{How, Seen},
};
use crate::{
    run::pipe::{Pipe, Waited},
    wire::{
        frame::{Frame, opcode},
        read::{Reader, Received},
        role::Role,
    },
};
use std::time::Duration;
use tokio::time::Instant;

/// What is in the Ping that asks whether all before was taken.
const MARK: &[u8] = b"wharf audit";
/// What is read at most.
const READ: usize = 1 << 20;

/// Sends the frames, and waits for the first thing that says something.
pub(crate) async fn hold(pipe: &mut Pipe, wanted: Session, bound: Duration) -> Seen {
    let began = Instant::now();
    let mut bytes: Vec<u8> =
        (wanted.frames)().iter().flat_map(|frame| frame.bytes(Role::Client)).collect();
    if wanted.after == After::Ping {
        bytes.extend(Frame::new(opcode::PING, MARK).bytes(Role::Client));
    }
    let until = began + bound;
    pipe.write("the frames of the probe", &bytes, until).await;
    let how = listen(pipe, wanted.after, until).await;
    Seen { how, after: began.elapsed() }
}

async fn listen(pipe: &mut Pipe, after: After, until: Instant) -> How {
    let (mut reader, mut read, mut pongs) = (Reader::default(), 0, 0);
    loop {
        let bytes = std::mem::take(&mut pipe.inbox);
        read += bytes.len();
        reader.push(&bytes);
        while let Ok(Some(frame)) = reader.next() {
            pongs += usize::from(frame.opcode() == opcode::PONG);
            if let Some(how) = meaning(frame, after, pongs) {
                return how;
            }
        }
        if read > READ {
            return How::Talked;
        }
        if pipe.ended.is_some() {
            return How::Ended;
        }
        if pipe.read(until).await == Waited::InVain {
            return silence(after, pongs);
        }
    }
}

/// What a frame decides, if it does.
fn meaning(frame: Received, after: After, pongs: usize) -> Option<How> {
    match (frame.opcode(), after) {
        (opcode::CLOSE, _) => Some(How::Closed(frame.payload)),
        (opcode::PONG, After::Ping) if frame.payload == MARK => Some(How::Answered(1)),
        (opcode::PONG, After::Pongs(wanted)) if pongs == wanted => Some(How::Answered(pongs)),
        (opcode::PING, After::Idle(_)) => Some(How::Pinged),
        _ => None,
    }
}

/// A server may answer the last of many Pings only (RFC 6455 §5.5.3).
const fn silence(after: After, pongs: usize) -> How {
    match after {
        After::Pongs(_) if pongs > 0 => How::Answered(pongs),
        After::Ping | After::Wait | After::Pongs(_) | After::Idle(_) => How::Silent,
    }
}
