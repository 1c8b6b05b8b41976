//! What the connections of a worker share.

use crate::{
    fan::Fan,
    payload::Body,
    plan::{Load, Plan, Verify},
    random::Random,
    target::Security,
};
use bytes::Buf;
use std::sync::Arc;
use wharf_proto::{Agreement, Connection, Context, DeflateAgreement, Now, Outgoing, Role};

/// One read.
const READ: usize = 256 << 10;

/// One read that nobody looks at. On Linux the kernel does not touch it, so that it costs no memory.
const DISCARDED: usize = 4 << 20;

/// Frames are written this many bytes at a time.
const BATCH: usize = 256 << 10;

/// Buffers, payloads and the plan.
pub(crate) struct Tools {
    pub(crate) plan: Arc<Plan>,
    pub(crate) read: Vec<u8>,
    pub(crate) scratch: Vec<u8>,
    body: Body,
    random: Random,
    batch: Option<Arc<Batch>>,
    pub(crate) fan: Fan,
    /// Who receives what is published.
    pub(crate) receivers: u64,
    /// Published messages that all have, and the publisher does not know of yet.
    pub(crate) fanned: u64,
}

/// Frames of one message, encoded and masked once: all connections send the same bytes.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) frames: Vec<u8>,
    /// The length of one of them.
    pub(crate) frame: usize,
    /// The length of its payload.
    pub(crate) payload: usize,
    agreed: Option<DeflateAgreement>,
}

impl Tools {
    pub(crate) fn new(plan: Arc<Plan>, seed: u64) -> Self {
        Self {
            body: Body::new(&plan.payload),
            random: Random::new(seed),
            read: vec![0; READ],
            scratch: vec![0; DISCARDED],
            batch: None,
            fan: Fan::default(),
            receivers: 0,
            fanned: 0,
            plan,
        }
    }

    /// The length of the next message.
    pub(crate) fn next_len(&mut self) -> usize {
        self.plan.payload.sizes.next(&mut self.random)
    }

    /// A message.
    pub(crate) fn message(&mut self, number: u64, len: usize) -> Outgoing<'_> {
        let bytes = self.body.message(number, len);
        match self.plan.payload.kind {
            wharf_proto::Kind::Text => str::from_utf8(bytes).expect("payloads are ASCII").into(),
            wharf_proto::Kind::Binary => bytes.into(),
        }
    }

    /// Whether this is that message.
    pub(crate) fn is_message(&self, number: u64, len: usize, bytes: &[u8]) -> bool {
        self.body.is_message(number, len, bytes)
    }

    /// Frames that may be sent again and again on a connection with this agreement: if every message is the same and
    /// no compressor remembers the one before.
    pub(crate) fn batch(&mut self, agreed: &Agreement) -> Option<Arc<Batch>> {
        let repeats =
            agreed.deflate.is_none_or(|deflate| deflate.client.context == Context::NoTakeover);
        let Plan { load: Load::Echo, verify: Verify::First, payload, .. } = &*self.plan else {
            return None;
        };
        let len = payload.sizes.only().filter(|_| repeats)?;
        if self.batch.is_none() {
            self.batch = Some(Arc::new(self.encode(agreed, len)));
        }
        self.batch.clone().filter(|batch| batch.agreed == agreed.deflate)
    }

    /// As many frames as may be under way, within bounds. Each has a masking key of its own; that they come again
    /// is a liberty of a load generator (RFC 6455 §10.3 speaks of payloads that an attacker chooses).
    fn encode(&mut self, agreed: &Agreement, len: usize) -> Batch {
        let config = Arc::clone(&self.plan.target.config);
        let seed = std::array::from_fn(|_| self.random.next().to_le_bytes()[0]);
        let mut encoder = Connection::new(Role::Client, agreed, config, seed, Now::default());
        let (mut frames, mut frame) = (Vec::new(), 0);
        for _ in 0..self.plan.pace.in_flight().get() {
            // The number is that of the message that was verified.
            encoder.send(self.message(0, len), Now::default()).expect("the queue has no limit");
            let before = frames.len();
            while encoder.outbox().has_remaining() {
                frames.extend_from_slice(encoder.outbox().chunk());
                let count = encoder.outbox().chunk().len();
                encoder.on_written(count, Now::default());
            }
            frame = frames.len() - before;
            if frames.len() + frame > BATCH {
                break;
            }
        }
        Batch { frames, frame, payload: len, agreed: agreed.deflate }
    }

    /// Whether answers can be counted by their bytes alone: plain frames over plain TCP.
    pub(crate) fn counts_bytes(&self, agreed: &Agreement) -> bool {
        agreed.deflate.is_none() && matches!(self.plan.target.security, Security::Plain)
    }
}

/// The length of a server's frame, if the message is one frame (RFC 6455 §5.2).
pub(crate) const fn answer_len(payload: usize) -> usize {
    payload
        + match payload {
            0..=125 => 2,
            126..=0xffff => 4,
            _ => 10,
        }
}
