//! Messages in, bytes out.

use crate::{
    wire::{ascii, drain, open},
    work::Work,
};
use wharf_proto::{Connection, Now, Role};

/// Messages are framed, masked by a client, and written to nowhere.
pub(crate) struct Encode {
    connection: Connection,
    payload: Vec<u8>,
    count: usize,
}

impl Encode {
    pub(crate) fn new(role: Role, length: usize, count: usize) -> Self {
        Self { connection: open(role, None), payload: ascii(length), count }
    }
}

impl Work for Encode {
    fn run(&mut self) {
        for _ in 0..self.count {
            let payload = self.payload.as_slice();
            self.connection.send(payload, Now::default()).expect("the outbox has room");
        }
        assert!(drain(&mut self.connection) > 0, "every message is written");
    }
}
