//! What a frame costs in memory, every check on: `cargo bench -p wharf-proto`, optionally `-- decode` or
//! `-- encode`.
//!
//! A batch is what a driver reads at once: 64 KiB of whole frames, fresh from the wire, so a round begins
//! with a copy of it (`the copy alone` says what that adds). The rows of a column are measured in turns,
//! and each figure is the median of its rounds.
#![expect(clippy::print_stdout, reason = "a table is what a benchmark is for")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock; the core does not")]

use bytes::Buf;
use std::{env, hint::black_box, sync::Arc, time::Instant};
use wharf_proto::{
    Agreement, Config, Connection, Event, Found, Inbound, Input, Now, Outbound, Role, Text,
};

const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
const LENGTHS: [usize; 6] = [5, 32, 125, 512, 4_096, 16_384];
const BATCH: usize = 64 << 10;
const ROUNDS: usize = 301;

fn main() {
    // Also run by `cargo test --all-targets`, which is no time to measure.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let wanted = env::args().skip(1).find(|argument| !argument.starts_with('-'));
    for (name, table) in [("decode", decode_table as fn()), ("encode", encode_table)] {
        if wanted.as_deref().is_none_or(|wanted| wanted == name) {
            table();
        }
    }
}

/// Works off a batch, and tells how many frames that were.
type Work = Box<dyn FnMut(&Batch) -> usize>;

/// As many frames of one length as fit.
struct Batch {
    wire: Vec<u8>,
    payload: String,
    shared: Text,
    frames: usize,
}

impl Batch {
    fn new(alphabet: &str, opcode: u8, len: usize) -> Self {
        let mut payload = String::new();
        for character in alphabet.chars().cycle() {
            if payload.len() + character.len_utf8() > len {
                break;
            }
            payload.push(character);
        }
        while payload.len() < len {
            payload.push('.');
        }
        let frame = frame(opcode, payload.as_bytes());
        let frames = (BATCH / frame.len()).max(1);
        let shared = Text::from(payload.as_str());
        Self { wire: frame.repeat(frames), payload, shared, frames }
    }
}

/// RFC 6455 §5.2: a frame of a client's.
fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
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

/// Prints nanoseconds per frame.
fn table(title: &str, alphabet: &str, opcode: u8, mut rows: Vec<(&str, Work)>) {
    println!("\n{title}: ns per frame");
    println!("{:28}{}", "bytes", LENGTHS.map(|len| format!("{len:>10}")).concat());
    let columns = LENGTHS.map(|len| column(&Batch::new(alphabet, opcode, len), &mut rows));
    for (at, (name, _)) in rows.iter().enumerate() {
        let cells = columns.each_ref().map(|column| format!("{:>10.2}", column[at]));
        println!("{name:28}{}", cells.concat());
    }
}

fn column(batch: &Batch, rows: &mut [(&str, Work)]) -> Vec<f64> {
    let mut rounds: Vec<Vec<f64>> = rows.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for _ in 0..ROUNDS {
        for ((_, work), times) in rows.iter_mut().zip(&mut rounds) {
            let begin = Instant::now();
            let frames = work(black_box(batch));
            times.push(begin.elapsed().as_nanos() as f64 / frames as f64);
        }
    }
    rounds.into_iter().map(median).collect()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn decode_table() {
    for (title, alphabet, opcode) in [
        ("decode masked ASCII text as a server", "{\"id\":1} ", 1),
        ("decode masked German text as a server", "schöne Grüße ", 1),
        ("decode masked binary messages as a server", "a", 2),
    ] {
        let rows = vec![
            ("the copy alone", copy()),
            ("Connection::receive", received()),
            ("Inbound::advance, lend", lent()),
            ("Inbound::advance, take", taken()),
        ];
        table(title, alphabet, opcode, rows);
    }
}

fn copy() -> Work {
    let mut buffer = vec![0; BATCH];
    Box::new(move |batch| {
        black_box(load(&mut buffer, batch));
        batch.frames
    })
}

fn load<'a>(buffer: &'a mut [u8], batch: &Batch) -> &'a mut [u8] {
    let bytes = &mut buffer[..batch.wire.len()];
    bytes.copy_from_slice(&batch.wire);
    bytes
}

fn received() -> Work {
    let mut connection = server();
    let mut buffer = vec![0; BATCH];
    Box::new(move |batch| {
        let (mut input, mut frames) = (Input::new(load(&mut buffer, batch)), 0);
        while let Some(event) = connection.receive(&mut input, Now::default()) {
            let Event::Message(message) = event else { panic!("only messages were sent") };
            black_box(message.as_bytes());
            frames += 1;
        }
        frames
    })
}

fn lent() -> Work {
    decoded(|inbound, whole, used| {
        let message = inbound.lend(whole, used).expect("it is UTF-8");
        black_box(message.as_bytes());
    })
}

fn taken() -> Work {
    decoded(|inbound, whole, used| {
        black_box(inbound.take(whole, used).expect("it is UTF-8"));
    })
}

/// As the async library does it: the halves apart, and a message handed over when it is asked for.
fn decoded(mut hand_over: impl FnMut(&mut Inbound, wharf_proto::Whole, &[u8]) + 'static) -> Work {
    let (mut inbound, _) = server().into_halves();
    let mut buffer = vec![0; BATCH];
    Box::new(move |batch| {
        let (mut rest, mut frames) = (load(&mut buffer, batch), 0);
        loop {
            let progress = inbound.advance(rest, Now::default());
            let (used, unread) = rest.split_at_mut(progress.used);
            rest = unread;
            match progress.found {
                Some(Found::Message(whole)) => hand_over(&mut inbound, whole, used),
                Some(_) => panic!("only messages were sent"),
                None => return frames,
            }
            frames += 1;
        }
    })
}

fn encode_table() {
    let rows = vec![
        ("a server's send, lent", sent(Role::Server)),
        ("a client's send, lent", sent(Role::Client)),
        ("a clone, a server's send", shared(Role::Server)),
    ];
    table("encode text into the outbox", "{\"id\":1} ", 1, rows);
}

fn sent(role: Role) -> Work {
    encoded(role, |outbound, batch| {
        outbound.send(black_box(batch.payload.as_str()), Now::default()).expect("it is emptied");
    })
}

fn shared(role: Role) -> Work {
    encoded(role, |outbound, batch| {
        outbound.send(black_box(batch.shared.clone()), Now::default()).expect("it is emptied");
    })
}

/// A batch of messages, and then the transport takes all of it.
fn encoded(role: Role, mut send: impl FnMut(&mut Outbound, &Batch) + 'static) -> Work {
    let (_, mut outbound) = end(role).into_halves();
    Box::new(move |batch| {
        for _ in 0..batch.frames {
            send(&mut outbound, batch);
        }
        while outbound.outbox().has_remaining() {
            let count = black_box(outbound.outbox().chunk()).len();
            outbound.on_written(count, Now::default());
        }
        batch.frames
    })
}

fn server() -> Connection {
    end(Role::Server)
}

fn end(role: Role) -> Connection {
    let config = Arc::new(Config::new(role));
    Connection::new(role, &Agreement::default(), config, [7; 32], Now::default())
}
