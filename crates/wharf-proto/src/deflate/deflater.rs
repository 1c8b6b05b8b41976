//! Compressing what we send (RFC 7692 §7.2.1).

use super::{
    agreement::{Context, Direction, WindowBits},
    compressor::{Compressor, Effort, Encoder, History},
    part::Part,
    pool::Loan,
};
use crate::{config::Compression, connection::stats::Deflated};
use alloc::{boxed::Box, vec::Vec};

/// One connection's sending direction.
///
/// The encoder is on loan from the thread and only for the time of a message. With context takeover the
/// connection keeps its history, as far as there was any.
pub(crate) struct Deflater {
    context: Context,
    window: WindowBits,
    effort: Effort,
    threshold: usize,
    kept: Option<Box<History>>,
    message: Option<Outgoing>,
    counted: Deflated,
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
type Outgoing = Loan<Box<Compressor>>;

impl Deflater {
    /// Allocates nothing.
    pub(crate) fn new(direction: Direction, compression: &Compression) -> Self {
        Self {
            context: direction.context,
            window: direction.window,
            effort: Effort::of_level(compression.level),
            threshold: compression.threshold,
            kept: None,
            message: None,
            counted: Deflated::default(),
        }
    }

    /// What was compressed so far.
    pub(crate) const fn counted(&self) -> Deflated {
        self.counted
    }

    /// Appends the payload of a whole message to `out`, unless it is shorter than the threshold or does
    /// not get shorter.
    ///
    /// What is sent uncompressed never enters the window (RFC 7692 §7.2.2), here as at the peer.
    pub(crate) fn message(&mut self, plain: &[u8], out: &mut Vec<u8>) -> Worth {
        if plain.len() < self.threshold.max(1) {
            return Worth::Plain;
        }
        let (start, effort) = (out.len(), self.effort);
        let mut engine = self.begin(plain.len());
        let (encoder, history) = Self::halves(&mut engine, &mut self.kept);
        let mark = history.mark();
        encoder.write(history, effort, plain, out);
        encoder.flush(history, effort, out);
        if out.len() - start >= plain.len() {
            out.truncate(start);
            history.rewind(mark);
            return Worth::Plain;
        }
        self.counted.add(out.len() - start, plain.len());
        Worth::Compressed
    }

    /// Appends to `out` what is ready of the payload of a message in pieces. The first piece begins it.
    pub(crate) fn chunk(&mut self, plain: &[u8], part: Part, out: &mut Vec<u8>) {
        let start = out.len();
        let mut engine = match self.message.take() {
            Some(engine) => engine,
            None => self.begin(self.window.bytes()),
        };
        let (encoder, history) = Self::halves(&mut engine, &mut self.kept);
        encoder.write(history, self.effort, plain, out);
        match part {
            Part::Last => encoder.flush(history, self.effort, out),
            Part::More => self.message = Some(engine),
        }
        self.counted.add(out.len() - start, plain.len());
    }

    /// Begins a message of about this length.
    fn begin(&mut self, expected: usize) -> Outgoing {
        let (window, effort) = (self.window, self.effort);
        let mut engine = Outgoing::take();
        engine.encoder.restart();
        match self.context {
            Context::NoTakeover => engine.history.restart(window, effort, expected),
            Context::Takeover => {
                self.kept.get_or_insert_with(|| Box::new(History::kept(window, effort)));
            }
        }
        engine
    }

    /// The history is the connection's own if it keeps one.
    fn halves<'a>(
        engine: &'a mut Compressor,
        kept: &'a mut Option<Box<History>>,
    ) -> (&'a mut Encoder, &'a mut History) {
        (&mut engine.encoder, kept.as_deref_mut().unwrap_or(&mut engine.history))
    }
}

#[cfg(test)]
impl Deflater {
    /// Bytes held between messages.
    pub(super) fn kept(&self) -> usize {
        self.kept.as_ref().map_or(0, |history| history.capacity())
    }
}
