//! Bytes in, messages out; and back again.

use crate::{
    wire::{drain, open, receive},
    work::Work,
};
use std::hint::black_box;
use wharf_proto::{Connection, Event, Input, Now, Role};

/// A batch of frames is parsed, unmasked, checked and lent.
pub(crate) struct Decode {
    server: Connection,
    frames: Vec<u8>,
    scratch: Vec<u8>,
}

impl Decode {
    pub(crate) fn new(frames: Vec<u8>) -> Self {
        let scratch = frames.clone();
        Self { server: open(Role::Server, None), frames, scratch }
    }
}

impl Work for Decode {
    fn prepare(&mut self) {
        self.scratch.copy_from_slice(&self.frames);
    }

    fn run(&mut self) {
        let count = receive(&mut self.server, &mut self.scratch, |length| {
            black_box(length);
        });
        assert!(count > 0, "the frames are messages");
    }
}

/// Each message of a batch is taken and sent back; the replies are written to nowhere.
pub(crate) struct Echo {
    server: Connection,
    frames: Vec<u8>,
    scratch: Vec<u8>,
}

impl Echo {
    pub(crate) fn new(frames: Vec<u8>) -> Self {
        let scratch = frames.clone();
        Self { server: open(Role::Server, None), frames, scratch }
    }
}

impl Work for Echo {
    fn prepare(&mut self) {
        self.scratch.copy_from_slice(&self.frames);
    }

    fn run(&mut self) {
        let now = Now::default();
        let mut input = Input::new(&mut self.scratch);
        while let Some(event) = self.server.receive(&mut input, now) {
            if let Event::Message(message) = event {
                let message = message.to_owned();
                self.server.send(message, now).expect("the outbox has room");
            }
        }
        assert!(drain(&mut self.server) > 0, "every message is echoed");
    }
}
