//! permessage-deflate, on a kibibyte that looks like JSON.

use crate::{
    wire::{drain, open, receive},
    work::Work,
};
use bytes::Buf;
use std::fmt::Write;
use wharf_proto::{Connection, Context, Now, Role};

/// How many messages pass before one of them stands for all that follow.
const SETTLED: usize = 64;

/// A server compresses, frames and writes to nowhere.
pub(crate) struct Compress {
    server: Connection,
    text: String,
    count: usize,
}

impl Compress {
    pub(crate) fn new(context: Context, count: usize) -> Self {
        let mut server = open(Role::Server, Some(context));
        let text = json();
        for _ in 0..SETTLED {
            server.send(&text, Now::default()).expect("the outbox has room");
            drain(&mut server);
        }
        Self { server, text, count }
    }
}

impl Work for Compress {
    fn run(&mut self) {
        for _ in 0..self.count {
            self.server.send(&self.text, Now::default()).expect("the outbox has room");
        }
        let written = drain(&mut self.server);
        assert!(written < self.count * self.text.len(), "it is compressed");
    }
}

/// A server inflates and checks.
pub(crate) struct Inflate {
    server: Connection,
    frames: Vec<u8>,
    scratch: Vec<u8>,
    bytes: usize,
}

impl Inflate {
    /// With context takeover the frame of a settled client serves for ever: the window holds nothing but the same
    /// message, so what the frame refers to is always there.
    pub(crate) fn new(context: Context, count: usize) -> Self {
        let (mut client, mut server) =
            (open(Role::Client, Some(context)), open(Role::Server, Some(context)));
        let text = json();
        let mut frame = Vec::new();
        for _ in 0..SETTLED {
            client.send(&text, Now::default()).expect("the outbox has room");
            frame = take(&mut client);
            receive(&mut server, &mut frame.clone(), |_| ());
        }
        let frames = frame.repeat(count);
        Self { server, scratch: frames.clone(), frames, bytes: count * text.len() }
    }
}

impl Work for Inflate {
    fn prepare(&mut self) {
        self.scratch.copy_from_slice(&self.frames);
    }

    fn run(&mut self) {
        let mut bytes = 0;
        receive(&mut self.server, &mut self.scratch, |length| bytes += length);
        assert_eq!(bytes, self.bytes, "every message inflates to what it was");
    }
}

/// What the outbox holds.
fn take(connection: &mut Connection) -> Vec<u8> {
    let mut bytes = Vec::new();
    while connection.outbox().has_remaining() {
        bytes.extend_from_slice(connection.outbox().chunk());
        let count = connection.outbox().chunk().len();
        connection.on_written(count, Now::default());
    }
    bytes
}

fn json() -> String {
    let mut text = String::from("[");
    for (number, name) in
        ["amber", "birch", "cedar", "dune", "ember", "fjord"].iter().cycle().enumerate()
    {
        let price = 1000 + number * 7919 % 9000;
        write!(
            text,
            "{{\"id\":{number},\"name\":\"{name}\",\"price\":{price},\"in_stock\":{}}},",
            number % 3 > 0
        )
        .expect("a string takes everything");
        if text.len() > 1024 {
            break;
        }
    }
    text.truncate(1024);
    text
}
