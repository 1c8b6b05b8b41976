//! The list.

use crate::{
    decode::{Decode, Echo},
    deflate::{Compress, Inflate},
    encode::Encode,
    handshake::Handshake,
    socket::Socket,
    wire::{fragmented, messages},
    work::Work,
};
use wharf_proto::{
    Context::{NoTakeover, Takeover},
    Kind::{Binary, Text},
    Role::{Client, Server},
};

/// One of them.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// How many messages one run works off.
    pub(crate) messages: u32,
    pub(crate) make: fn() -> Box<dyn Work>,
}

pub(crate) const SCENARIOS: [Scenario; 21] = [
    of("decode-text-32", 500, || Box::new(Decode::new(messages(Text, 32, 500)))),
    of("decode-text-512", 100, || Box::new(Decode::new(messages(Text, 512, 100)))),
    of("decode-text-16384", 4, || Box::new(Decode::new(messages(Text, 16384, 4)))),
    of("decode-binary-32", 500, || Box::new(Decode::new(messages(Binary, 32, 500)))),
    of("decode-binary-512", 100, || Box::new(Decode::new(messages(Binary, 512, 100)))),
    of("decode-binary-16384", 4, || Box::new(Decode::new(messages(Binary, 16384, 4)))),
    of("decode-text-4x128", 100, || Box::new(Decode::new(fragmented(4, 128, 100)))),
    of("encode-server-32", 500, || Box::new(Encode::new(Server, 32, 500))),
    of("encode-server-512", 100, || Box::new(Encode::new(Server, 512, 100))),
    of("encode-server-16384", 4, || Box::new(Encode::new(Server, 16384, 4))),
    of("encode-client-32", 500, || Box::new(Encode::new(Client, 32, 500))),
    of("encode-client-16384", 4, || Box::new(Encode::new(Client, 16384, 4))),
    of("echo-core-32", 16, || Box::new(Echo::new(messages(Binary, 32, 16)))),
    of("echo-core-512", 16, || Box::new(Echo::new(messages(Binary, 512, 16)))),
    of("compress-no-takeover", 8, || Box::new(Compress::new(NoTakeover, 8))),
    of("compress-takeover", 8, || Box::new(Compress::new(Takeover, 8))),
    of("inflate-no-takeover", 8, || Box::new(Inflate::new(NoTakeover, 8))),
    of("inflate-takeover", 8, || Box::new(Inflate::new(Takeover, 8))),
    of("handshake-server", 1, || Box::new(Handshake::new())),
    of("echo-socket-32", 16, || Box::new(Socket::new(messages(Binary, 32, 16)))),
    of("echo-socket-512", 16, || Box::new(Socket::new(messages(Binary, 512, 16)))),
];

const fn of(name: &'static str, messages: u32, make: fn() -> Box<dyn Work>) -> Scenario {
    Scenario { name, messages, make }
}
