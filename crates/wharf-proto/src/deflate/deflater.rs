//! Compressing what we send (RFC 7692 §7.2.1).

use super::{
    agreement::{Context, Direction},
    engine::{Compressor, Make},
    part::Part,
    pool::Loan,
    window::Window,
};
use crate::config::Compression;
use alloc::vec::Vec;

/// What a sync flush ends with and the sender takes off (RFC 7692 §7.2.1).
const TAIL: usize = 4;

/// One connection's sending direction.
///
/// The compressor is on loan from the thread and only for the time of a message. With context takeover
/// the connection keeps the window, as far as it was ever filled.
pub(crate) struct Deflater {
    context: Context,
    make: Make,
    threshold: usize,
    window: Window,
    message: Option<Outgoing>,
}

/// Whether a message is worth its compression (RFC 7692 §6 leaves it to the sender).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worth {
    /// The payload was appended: send it with RSV1.
    Compressed,
    /// Nothing was appended: send the plain message without RSV1.
    Plain,
}

/// A message in pieces.
struct Outgoing(Loan<Compressor>);

impl Deflater {
    /// Allocates nothing.
    pub(crate) fn new(direction: Direction, compression: &Compression) -> Self {
        Self {
            context: direction.context,
            make: Make { window: direction.window, level: compression.level },
            threshold: compression.threshold,
            window: Window::new(direction.window),
            message: None,
        }
    }

    /// Appends the payload of a whole message to `out`, unless it is shorter than the threshold or does
    /// not get shorter.
    ///
    /// What is sent uncompressed never enters the window (RFC 7692 §7.2.2), here as at the peer.
    pub(crate) fn message(&mut self, plain: &[u8], out: &mut Vec<u8>) -> Worth {
        if plain.len() < self.threshold.max(1) {
            return Worth::Plain;
        }
        let start = out.len();
        let mut engine = self.begin();
        engine.flush(plain, out);
        out.truncate(out.len() - TAIL);
        if out.len() - start >= plain.len() {
            out.truncate(start);
            return Worth::Plain;
        }
        if self.context == Context::Takeover {
            self.window.push(plain);
        }
        Worth::Compressed
    }

    /// Appends to `out` what is ready of the payload of a message in pieces. The first piece begins it.
    pub(crate) fn chunk(&mut self, plain: &[u8], part: Part, out: &mut Vec<u8>) {
        let mut message = match self.message.take() {
            Some(message) => message,
            None => Outgoing(self.begin()),
        };
        message.write(plain, part, out);
        if self.context == Context::Takeover {
            self.window.push(plain);
        }
        if part == Part::More {
            self.message = Some(message);
        }
    }

    fn begin(&self) -> Loan<Compressor> {
        let mut engine = Loan::<Compressor>::of(self.make);
        engine.restart(self.window.as_slice());
        engine
    }
}

#[cfg(test)]
impl Deflater {
    /// Bytes held between messages.
    pub(super) fn kept(&self) -> usize {
        self.window.capacity()
    }
}

impl Outgoing {
    fn write(&mut self, plain: &[u8], part: Part, out: &mut Vec<u8>) {
        match part {
            Part::More => self.0.write(plain, out),
            Part::Last => {
                self.0.flush(plain, out);
                out.truncate(out.len() - TAIL);
            }
        }
    }
}
