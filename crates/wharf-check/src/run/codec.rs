//! The two compression contexts of a connection.

use crate::wire::{
    deflate::Compressor,
    extension::Extension,
    inflate::{Flaw, Inflater},
    role::Role,
};

/// Whether a context is kept from message to message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    Kept,
    Dropped,
}

/// Compresses what the tester sends and inflates what it gets, as it was agreed.
#[derive(Debug)]
pub(crate) struct Codec {
    compressor: Compressor,
    sending: Context,
    inflater: Inflater,
    receiving: Context,
}

impl Codec {
    /// By the parameters of a server's answer.
    pub(crate) fn new(agreed: &Extension, tester: Role) -> Self {
        let direction = |role: Role| {
            let name = role.name();
            let bits = agreed.number(&format!("{name}_max_window_bits")).unwrap_or(15).clamp(8, 15);
            let dropped = agreed.has(&format!("{name}_no_context_takeover"));
            (bits, if dropped { Context::Dropped } else { Context::Kept })
        };
        let (bits, sending) = direction(tester);
        let compressor = Compressor::new(bits);
        let (bits, receiving) = direction(tester.other());
        Self { compressor, sending, inflater: Inflater::new(bits), receiving }
    }

    /// Compresses a message.
    pub(crate) fn compress(&mut self, message: &[u8]) -> Vec<u8> {
        let payload = self.compressor.message(message);
        if self.sending == Context::Dropped {
            self.compressor.reset();
        }
        payload
    }

    /// Inflates a message.
    pub(crate) fn inflate(&mut self, payload: &[u8]) -> Result<Vec<u8>, Flaw> {
        let message = self.inflater.message(payload);
        if self.receiving == Context::Dropped {
            self.inflater.reset();
        }
        message
    }
}
