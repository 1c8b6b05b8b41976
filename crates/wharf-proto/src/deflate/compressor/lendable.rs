//! What a thread lends.

use super::{encoder::Encoder, history::History};

/// An encoder, and a history for messages that stand alone.
pub(in super::super) struct Compressor {
    pub(in super::super) encoder: Encoder,
    pub(in super::super) history: History,
}

impl Compressor {
    pub(in super::super) fn new() -> Self {
        Self { encoder: Encoder::new(), history: History::shared() }
    }
}
