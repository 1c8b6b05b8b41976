//! What a compressed message costs: `cargo bench -p wharf-proto --bench deflate`, optionally `-- window`,
//! `-- length` or `-- level`.
//!
//! A hundred connections take turns, so that each meets the caches as others left them. A row tells the
//! time to inflate a message, to compress one, and to do both by turns, as an echo does; and the bytes of
//! a reply on the wire. Each figure is the median of its rounds, and frames, queues and the check of UTF-8
//! are in it.
//!
//! The text is JSON, no two messages alike; zlib's level 6 makes 266 bytes of 1 KiB of it.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "time on a table is what a benchmark is for"
)]

use bytes::Buf;
use std::{env, fmt::Write, hint::black_box, sync::Arc, time::Duration, time::Instant};
use wharf_proto::{
    Agreement, Config, Connection, Context, DeflateAgreement, Direction, Event, Input, MessageRef,
    Now, Role, WindowBits,
};

const CONNECTIONS: usize = 100;
/// Before that a window is not full.
const WARM_BYTES: usize = 80 << 10;

fn main() {
    // Also run by `cargo test --all-targets`, which is no time to measure.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let wanted = env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let tables: [(&str, fn()); 3] =
        [("window", window_table), ("length", length_table), ("level", level_table)];
    for (name, table) in tables {
        if wanted.as_deref().is_none_or(|wanted| wanted == name) {
            table();
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Setting {
    context: Context,
    window: u8,
    level: u8,
    length: usize,
}

const USUAL: Setting =
    Setting { context: Context::NoTakeover, window: 15, level: 1, length: 1 << 10 };

fn window_table() {
    title("window bits, 1 KiB");
    for context in [Context::NoTakeover, Context::Takeover] {
        for window in (8..=15).rev() {
            row(&format!("{context:?}, {window} bits"), Setting { context, window, ..USUAL });
        }
    }
}

fn length_table() {
    title("length, 15 bits");
    for context in [Context::NoTakeover, Context::Takeover] {
        for length in [64, 128, 256, 512, 1 << 10, 2 << 10, 4 << 10, 16 << 10, 64 << 10] {
            row(&format!("{context:?}, {length} B"), Setting { context, length, ..USUAL });
        }
    }
}

fn level_table() {
    for length in [1 << 10, 16 << 10] {
        title(&format!("level, {length} B"));
        for context in [Context::NoTakeover, Context::Takeover] {
            for level in [1, 2, 4, 6, 9] {
                let setting = Setting { context, level, length, ..USUAL };
                row(&format!("{context:?}, level {level}"), setting);
            }
        }
    }
}

fn title(title: &str) {
    println!(
        "\n{title:28}{:>12}{:>13}{:>10}{:>10}",
        "inflate µs", "compress µs", "echo µs", "reply B"
    );
}

fn row(name: &str, setting: Setting) {
    let mut echoes: Vec<Echo> =
        (0..CONNECTIONS).map(|number| Echo::new(setting, number as u64)).collect();
    let rounds = (96 << 10) / (setting.length + 1500);
    let warm = WARM_BYTES / setting.length + 1;
    let [mut inflate, mut compress, mut echo] = [(); 3].map(|()| Vec::new());
    let mut reply = 0;
    for round in 0..warm + rounds.max(9) {
        let timed = [
            time(&mut echoes, Echo::ask, |echo| _ = black_box(echo.receive())),
            time(&mut echoes, Echo::ask_and_receive, Echo::reply),
            time(&mut echoes, Echo::ask, Echo::receive_and_reply),
        ];
        if round >= warm {
            for (times, time) in [&mut inflate, &mut compress, &mut echo].into_iter().zip(timed) {
                times.push(time);
            }
            reply += echoes.iter().map(|echo| echo.wire.len()).sum::<usize>();
        }
    }
    let bytes = reply as f64 / (echo.len() * CONNECTIONS) as f64;
    let [inflate, compress, echo] = [inflate, compress, echo].map(median);
    println!("{name:28}{inflate:>12.2}{compress:>13.2}{echo:>10.2}{bytes:>10.1}");
}

/// Microseconds per connection.
fn time(echoes: &mut [Echo], before: fn(&mut Echo), work: fn(&mut Echo)) -> f64 {
    for echo in &mut *echoes {
        before(echo);
    }
    let begin = Instant::now();
    for echo in &mut *echoes {
        work(echo);
    }
    begin.elapsed().as_secs_f64() * 1e6 / echoes.len() as f64
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A server, and the client that asks it.
struct Echo {
    client: Connection,
    server: Connection,
    number: u64,
    length: usize,
    question: String,
    asked: Vec<u8>,
    wire: Vec<u8>,
}

const NOW: Now = Now::new(Duration::from_secs(1));

impl Echo {
    fn new(setting: Setting, number: u64) -> Self {
        let [client, server] = [Role::Client, Role::Server].map(|role| end(role, setting));
        let [asked, wire] = [(); 2].map(|()| Vec::with_capacity(2 * setting.length + 1000));
        let length = setting.length;
        Self { client, server, number: number << 32, length, question: String::new(), asked, wire }
    }

    /// The client compresses its next question.
    fn ask(&mut self) {
        self.question.clear();
        while self.question.len() < self.length {
            self.number += 1;
            write_record(self.number, &mut self.question);
        }
        self.question.truncate(self.length);
        drain(&mut self.client, &self.question, &mut self.asked);
    }

    /// The server inflates the question.
    fn receive(&mut self) -> usize {
        let mut input = Input::new(&mut self.asked);
        match self.server.receive(&mut input, NOW) {
            Some(Event::Message(MessageRef::Text(text))) => text.len(),
            other => panic!("{other:?}"),
        }
    }

    fn ask_and_receive(&mut self) {
        self.ask();
        self.receive();
    }

    fn receive_and_reply(&mut self) {
        self.receive();
        self.reply();
    }

    /// The server compresses the same text.
    fn reply(&mut self) {
        drain(&mut self.server, &self.question, &mut self.wire);
    }
}

fn end(role: Role, setting: Setting) -> Connection {
    let window = WindowBits::new(setting.window).expect("8 to 15");
    let direction = Direction { window, context: setting.context };
    let mut agreement = Agreement::default();
    agreement.deflate = Some(DeflateAgreement { client: direction, server: direction });
    let mut config = Config::new(role);
    config.compression.level = if role == Role::Server { setting.level } else { 6 };
    Connection::new(role, &agreement, Arc::new(config), [7; 32], NOW)
}

fn drain(end: &mut Connection, text: &str, wire: &mut Vec<u8>) {
    end.send(text, NOW).expect("nothing waits");
    wire.clear();
    while end.outbox().has_remaining() {
        let count = end.outbox().chunk().len();
        wire.extend_from_slice(end.outbox().chunk());
        end.on_written(count, NOW);
    }
}

/// A record of about 110 bytes.
fn write_record(number: u64, text: &mut String) {
    const USERS: [&str; 8] = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"];
    let mixed = mix(number);
    let written = write!(
        text,
        r#"{{"id":{},"user":"{}","event":"order.updated","price":{}.{:02},"quantity":{},"active":{},"ref":"{:06x}"}},"#,
        1000 + (number & 0xffff),
        USERS[(mixed % 8) as usize],
        (mixed >> 8) % 500,
        (mixed >> 20) % 100,
        (mixed >> 30) % 50,
        !(mixed >> 40).is_multiple_of(3),
        mixed >> 42 & 0xff_ffff,
    );
    written.expect("a string takes all");
}

/// The finaliser of SplitMix64, shortened.
const fn mix(number: u64) -> u64 {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ mixed >> 32
}
