//! One connection: bytes in, bytes due.

use crate::{frame::Replies, upgrade::answer};
use std::sync::{Arc, Mutex};

/// The replies of the connection before: all clients of a load generator send the same.
static LAST: Mutex<Option<Arc<Replies>>> = Mutex::new(None);

/// What has come, and what must go.
pub struct Connection(Stage);

enum Stage {
    /// Part of a request.
    Opening(Vec<u8>),
    /// An answer to a request, from this byte on.
    Answering(Vec<u8>, usize),
    /// Part of the first frame.
    First(Vec<u8>),
    /// Bytes of a frame that is not complete; bytes of replies that are due; where in the run they begin.
    Counting { replies: Arc<Replies>, pending: usize, due: usize, at: usize },
}

/// What to do after bytes have come.
#[derive(PartialEq, Eq)]
pub enum Next {
    /// Write what is due, then read.
    Go,
    /// Close.
    End,
}

impl Connection {
    /// A connection that was just accepted.
    pub fn new() -> Self {
        Self(Stage::Opening(Vec::new()))
    }

    /// Takes bytes.
    pub fn received(&mut self, bytes: &[u8]) -> Next {
        match &mut self.0 {
            Stage::Opening(request) => {
                request.extend_from_slice(bytes);
                if let Some((answer, _)) = answer(request) {
                    self.0 = Stage::Answering(answer, 0);
                }
            }
            Stage::Answering(..) => return Next::End,
            Stage::First(first) => {
                first.extend_from_slice(bytes);
                if is_close(first[0]) {
                    return Next::End;
                }
                if let Some(replies) = Replies::read(first) {
                    let came = first.len();
                    let mut stage =
                        Stage::Counting { replies: shared(replies), pending: 0, due: 0, at: 0 };
                    stage.count(came);
                    self.0 = stage;
                }
            }
            Stage::Counting { .. } => {
                let boundary = bytes.len().wrapping_sub(self.0.count(bytes.len()));
                let begun = bytes.get(boundary);
                return if begun.is_some_and(|byte| is_close(*byte)) {
                    Next::End
                } else {
                    Next::Go
                };
            }
        }
        Next::Go
    }

    /// Bytes to write; none if nothing is due.
    pub fn due(&self) -> &[u8] {
        match &self.0 {
            Stage::Opening(_) | Stage::First(_) => &[],
            Stage::Answering(answer, at) => &answer[*at..],
            Stage::Counting { replies, due, at, .. } => {
                &replies.run[*at..(*at + *due).min(replies.run.len())]
            }
        }
    }

    /// These many of them are written.
    pub fn written(&mut self, bytes: usize) {
        match &mut self.0 {
            Stage::Opening(_) | Stage::First(_) => {}
            Stage::Answering(answer, at) => {
                *at += bytes;
                if *at == answer.len() {
                    self.0 = Stage::First(Vec::new());
                }
            }
            Stage::Counting { replies, due, at, .. } => {
                *due -= bytes;
                *at = (*at + bytes) % replies.reply;
            }
        }
    }
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

impl Stage {
    /// Counts bytes in, and gives how many of a frame that is not complete are there.
    fn count(&mut self, bytes: usize) -> usize {
        let Self::Counting { replies, pending, due, .. } = self else { return 0 };
        *pending += bytes;
        *due += *pending / replies.frame * replies.reply;
        *pending %= replies.frame;
        *pending
    }
}

/// A frame that begins so ends the connection: the one byte that is looked at, where a frame was cut.
fn is_close(byte: u8) -> bool {
    byte == 0x88
}

fn shared(replies: Replies) -> Arc<Replies> {
    let mut last = LAST.lock().expect("nobody panics while holding it");
    if let Some(last) = &*last
        && last.frame == replies.frame
        && last.run == replies.run
    {
        return last.clone();
    }
    last.insert(Arc::new(replies)).clone()
}
