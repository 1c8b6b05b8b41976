//! What each byte costs: `cargo bench -p wharf-bytes`, optionally `-- mask`, `-- append`, `-- utf8` or
//! `-- payload`.
//!
//! The rows of a table are measured in turns, round by round, so that whatever else the machine does
//! meets all of them alike; each figure is the median of its rounds. Compare a run with
//! `--no-default-features` to see what the kernels chosen at run time add to the portable code, and one
//! with `RUSTFLAGS="-C target-cpu=native"` to see what the compiler makes of it alone.
#![expect(clippy::print_stdout, reason = "a table is what a benchmark is for")]

use bytes::BufMut;
use std::{env, hint::black_box, time::Instant};
use wharf_bytes::{PayloadBuf, Utf8Stream, from_utf8, mask, mask_append};

const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
const LENGTHS: [usize; 11] = [7, 16, 32, 48, 64, 125, 256, 512, 1_024, 4_096, 65_536];
const ROUNDS: usize = 151;
/// So many bytes are worked on in turn: more than one payload, so that no payload waits for the store of
/// the round before, and few enough for the nearest cache.
const WORKING_SET: usize = 16_384;
/// Where a client's small frame has its payload: behind two bytes of header and four of key.
const OFFSET: usize = 6;

fn main() {
    // Also run by `cargo test --all-targets`, which is no time to measure.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let wanted = env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let tables: [(&str, fn()); 4] = [
        ("mask", mask_table),
        ("append", append_table),
        ("utf8", utf8_table),
        ("payload", payload_table),
    ];
    for (name, table) in tables {
        if wanted.as_deref().is_none_or(|wanted| wanted == name) {
            table();
        }
    }
}

/// One way to treat a payload.
struct Row<'a> {
    name: &'static str,
    work: Box<dyn FnMut(&mut Payloads) -> f64 + 'a>,
}

impl<'a> Row<'a> {
    /// `work` is timed together with the loop around it, so it is compiled into that loop.
    fn new<R>(name: &'static str, mut work: impl FnMut(&mut [u8]) -> R + 'a) -> Self {
        Self { name, work: Box::new(move |payloads| payloads.time(&mut work)) }
    }
}

/// Payloads of one length, side by side.
struct Payloads {
    memory: Vec<u8>,
    starts: Vec<usize>,
    len: usize,
    repeats: usize,
}

impl Payloads {
    fn new(text: &str, len: usize, offset: usize) -> Self {
        let stride = (len + offset).next_multiple_of(64);
        let count = (WORKING_SET / stride).max(1);
        let mut memory = vec![0; count * stride + 64];
        let first = memory.as_ptr().align_offset(64) + offset;
        let starts: Vec<usize> = (0..count).map(|at| first + at * stride).collect();
        for start in &starts {
            let text = text.as_bytes().iter().cycle();
            memory[*start..*start + len].iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        }
        Self { memory, starts, len, repeats: (20_000 / (10 + len / 16) / count).max(1) }
    }

    /// Nanoseconds per payload.
    fn time<R>(&mut self, mut work: impl FnMut(&mut [u8]) -> R) -> f64 {
        let begin = Instant::now();
        for _ in 0..self.repeats {
            for start in &self.starts {
                black_box(work(black_box(&mut self.memory[*start..*start + self.len])));
            }
        }
        begin.elapsed().as_nanos() as f64 / (self.repeats * self.starts.len()) as f64
    }
}

/// Prints nanoseconds per payload, and the speed as a multiple of the first row's.
fn table(title: &str, text: &str, offset: usize, mut rows: Vec<Row<'_>>) {
    println!("\n{title}: ns per payload (times the speed of {})", rows[0].name);
    println!("{:24}{}", "bytes", LENGTHS.map(|len| format!("{len:>16}")).concat());
    let columns = LENGTHS.map(|len| column(&mut Payloads::new(text, len, offset), &mut rows));
    for (at, row) in rows.iter().enumerate() {
        let cells = columns
            .each_ref()
            .map(|column| format!("{:>9.2} ({:>4.2})", column[at], column[0] / column[at]));
        println!("{:24}{}", row.name, cells.concat());
    }
}

fn column(payloads: &mut Payloads, rows: &mut [Row<'_>]) -> Vec<f64> {
    let mut rounds: Vec<Vec<f64>> = rows.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for _ in 0..ROUNDS {
        for (row, times) in rows.iter_mut().zip(&mut rounds) {
            times.push((row.work)(payloads));
        }
    }
    rounds.into_iter().map(median).collect()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn mask_table() {
    for (title, offset) in [("mask, aligned", 0), ("mask, behind a header", OFFSET)] {
        let source = vec![0x55; LENGTHS[LENGTHS.len() - 1]];
        let copy = Row::new("memcpy", move |payload| {
            payload.copy_from_slice(&black_box(&source)[..payload.len()]);
        });
        let bytewise = Row::new("byte by byte", |payload| {
            payload.iter_mut().zip(KEY.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
        });
        let masked = Row::new("mask", |payload| mask(black_box(KEY), payload));
        table(title, "a", offset, vec![copy, bytewise, masked]);
    }
}

fn append_table() {
    let mut targets = [(); 3].map(|()| Vec::with_capacity(LENGTHS[LENGTHS.len() - 1] + OFFSET));
    let [copied, twice, once] = &mut targets;
    let copy = Row::new("extend_from_slice", |payload| {
        copied.resize(OFFSET, 0);
        copied.extend_from_slice(payload);
    });
    let two_passes = Row::new("and mask", |payload| {
        twice.resize(OFFSET, 0);
        twice.extend_from_slice(payload);
        mask(black_box(KEY), &mut twice[OFFSET..])
    });
    let one_pass = Row::new("mask_append", |payload| {
        once.resize(OFFSET, 0);
        mask_append(black_box(KEY), payload, once);
    });
    table("append to a frame's header", "a", 0, vec![copy, two_passes, one_pass]);
}

fn utf8_table() {
    let texts = [
        ("ASCII", "{\"id\":1} "),
        ("German", "schöne Grüße "),
        ("Chinese", "消息"),
        ("emoji", "😀🎉"),
    ];
    for (title, text) in texts {
        // A length that is no multiple cuts the last code point, which only the stream accepts.
        let rows = vec![
            Row::new("core", |payload| core::str::from_utf8(payload).is_ok()),
            Row::new("simdutf8", |payload| simdutf8::basic::from_utf8(payload).is_ok()),
            Row::new("from_utf8", |payload| from_utf8(payload).is_ok()),
            Row::new("Utf8Stream", |payload| {
                let mut stream = Utf8Stream::new();
                stream.feed(payload).is_ok() && stream.finish().is_ok()
            }),
        ];
        table(&format!("UTF-8, {title}"), text, 0, rows);
    }
}

fn payload_table() {
    let rows = vec![
        Row::new("to_vec", |payload| payload.to_vec()),
        Row::new("append, into_text", |payload| {
            let mut text = PayloadBuf::new();
            text.append(payload);
            text.into_text()
        }),
        Row::new("tail, check, into_text", |payload| {
            let mut text = PayloadBuf::new();
            text.tail(payload.len()).put_slice(payload);
            text.check_utf8().and_then(|()| text.into_text())
        }),
        Row::new("append, into_bytes", |payload| {
            let mut bytes = PayloadBuf::new();
            bytes.append(payload);
            bytes.into_bytes()
        }),
    ];
    table("a payload of its own", "a", 0, rows);
}
