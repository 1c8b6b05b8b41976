//! Masked text in, messages out: a server that has read 64 KiB of whole frames.
//!
//! Every row parses, unmasks, assembles and validates. A crate without a decoder of its own is given a
//! transport in memory; wharf's and sockudo's rows begin with a copy of the batch, as they work in place.

use crate::{memory::Memory, rounds::table};
use bytes::BytesMut;
use futures_util::{FutureExt, StreamExt};
use std::{hint::black_box, rc::Rc, sync::Arc, time::Instant};
use tokio_util::codec::Decoder;

const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
const LENGTHS: [usize; 5] = [16, 32, 125, 1_024, 16_384];
const BATCH: usize = 64 << 10;
const LIMIT: usize = 1 << 20;

struct Batch {
    wire: Rc<[u8]>,
    frames: usize,
}

impl Batch {
    fn new(alphabet: &str, len: usize) -> Self {
        let mut payload = String::new();
        for character in alphabet.chars().cycle() {
            if payload.len() + character.len_utf8() > len {
                break;
            }
            payload.push(character);
        }
        let frame = frame(payload.as_bytes());
        let frames = BATCH / frame.len();
        Self { wire: frame.repeat(frames).into(), frames }
    }

    /// Nanoseconds per frame of `work`, which takes them all.
    fn time(&self, work: impl FnOnce()) -> f64 {
        let begin = Instant::now();
        work();
        begin.elapsed().as_nanos() as f64 / self.frames as f64
    }
}

/// RFC 6455 §5.2: a text frame of a client's.
fn frame(payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x81];
    match u16::try_from(payload.len()).expect("a batch has short frames") {
        len @ 0..126 => frame.push(0x80 | len.to_be_bytes()[1]),
        len => {
            frame.push(0x80 | 126);
            frame.extend(len.to_be_bytes());
        }
    }
    frame.extend(KEY);
    frame.extend(payload.iter().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

pub(crate) fn tables() {
    for (title, alphabet) in [
        ("decode masked ASCII text: ns per frame", "{\"id\":1} "),
        ("decode masked German text: ns per frame", "schöne Grüße "),
    ] {
        let rows = vec![
            ("wharf, lent", wharf_lent()),
            ("wharf, taken", wharf_taken()),
            ("sockudo-ws", sockudo()),
            ("fastwebsockets", fastwebsockets()),
            ("tokio-websockets", tokio_websockets()),
            ("tungstenite", tungstenite()),
            ("yawc's codec, and simdutf8", yawc()),
        ];
        table(title, &LENGTHS, |len| Batch::new(alphabet, len), rows, |ns, _| ns);
    }
}

type Work = Box<dyn FnMut(&mut Batch) -> f64>;

fn wharf_lent() -> Work {
    wharf(|inbound, whole, used| {
        black_box(inbound.lend(whole, used).expect("it is UTF-8").as_bytes());
    })
}

fn wharf_taken() -> Work {
    wharf(|inbound, whole, used| {
        black_box(inbound.take(whole, used).expect("it is UTF-8"));
    })
}

fn wharf(
    mut hand_over: impl FnMut(&mut wharf_proto::Inbound, wharf_proto::Whole, &[u8]) + 'static,
) -> Work {
    use wharf_proto::{Agreement, Config, Found, Inbound, Now, Role};
    let config = Arc::new(Config::new(Role::Server));
    let mut inbound = Inbound::new(Role::Server, &Agreement::default(), config);
    let mut buffer = vec![0; BATCH];
    Box::new(move |batch| {
        batch.time(|| {
            let mut rest = &mut buffer[..batch.wire.len()];
            rest.copy_from_slice(&batch.wire);
            let mut frames = 0;
            loop {
                let progress = inbound.advance(rest, Now::default());
                let (used, unread) = rest.split_at_mut(progress.used);
                rest = unread;
                match progress.found {
                    Some(Found::Message(whole)) => hand_over(&mut inbound, whole, used),
                    Some(_) => panic!("only messages were sent"),
                    None => break,
                }
                frames += 1;
            }
            assert_eq!(frames, batch.frames);
        })
    })
}

fn sockudo() -> Work {
    use sockudo_ws::protocol::{Protocol, Role};
    let mut protocol = Protocol::new(Role::Server, LIMIT, LIMIT);
    let (mut buffer, mut messages) = (BytesMut::with_capacity(BATCH), Vec::new());
    Box::new(move |batch| {
        batch.time(|| {
            buffer.extend_from_slice(&batch.wire);
            protocol.process_into(&mut buffer, &mut messages).expect("it is well-formed");
            assert_eq!(messages.len(), batch.frames);
            black_box(&messages);
            messages.clear();
        })
    })
}

fn fastwebsockets() -> Work {
    use fastwebsockets::{FragmentCollector, Role, WebSocket};
    let memory = Memory::default();
    let socket = WebSocket::after_handshake(memory.clone(), Role::Server);
    let mut socket = FragmentCollector::new(socket);
    Box::new(move |batch| {
        memory.refill(&batch.wire);
        batch.time(|| {
            for _ in 0..batch.frames {
                let frame = socket.read_frame().now_or_never().expect("all is there");
                black_box(frame.expect("it is well-formed"));
            }
        })
    })
}

fn tokio_websockets() -> Work {
    let memory = Memory::default();
    let mut socket = tokio_websockets::ServerBuilder::new().serve(memory.clone());
    Box::new(move |batch| {
        memory.refill(&batch.wire);
        batch.time(|| {
            for _ in 0..batch.frames {
                let message = socket.next().now_or_never().flatten().expect("all is there");
                black_box(message.expect("it is well-formed"));
            }
        })
    })
}

fn tungstenite() -> Work {
    use tungstenite::{WebSocket, protocol::Role};
    let memory = Memory::default();
    let mut socket = WebSocket::from_raw_socket(memory.clone(), Role::Server, None);
    Box::new(move |batch| {
        memory.refill(&batch.wire);
        batch.time(|| {
            for _ in 0..batch.frames {
                black_box(socket.read().expect("it is well-formed"));
            }
        })
    })
}

fn yawc() -> Work {
    let mut decoder = yawc::codec::Decoder::new(yawc::Role::Server, LIMIT);
    let mut buffer = BytesMut::with_capacity(BATCH);
    Box::new(move |batch| {
        batch.time(|| {
            buffer.extend_from_slice(&batch.wire);
            for _ in 0..batch.frames {
                let frame = decoder.decode(&mut buffer).expect("it is well-formed");
                let frame = frame.expect("all is there");
                simdutf8::basic::from_utf8(frame.payload()).expect("it is UTF-8");
                black_box(frame);
            }
        })
    })
}
