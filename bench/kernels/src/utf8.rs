//! Checking UTF-8 that is all there, beside `simdutf8` and `core`.

use crate::rounds::{Row, table};
use std::{hint::black_box, time::Instant};
use wharf_bytes::Utf8Stream;

const LENGTHS: [usize; 8] = [16, 32, 64, 125, 200, 256, 1_024, 65_536];
/// So many bytes are worked on in turn; they fit the nearest cache.
const WORKING_SET: usize = 16_384;
/// Where a client's small frame has its payload.
const OFFSET: usize = 6;

struct Texts {
    memory: Vec<u8>,
    stride: usize,
    len: usize,
    repeats: usize,
}

impl Texts {
    fn new(alphabet: &str, len: usize) -> Self {
        let stride = (len + OFFSET).next_multiple_of(64);
        let count = (WORKING_SET / stride).max(1);
        let mut memory = vec![0; count * stride];
        for text in memory.chunks_exact_mut(stride) {
            text[OFFSET..OFFSET + len].copy_from_slice(whole(alphabet, len).as_bytes());
        }
        Self { memory, stride, len, repeats: 40_000 / (10 + len / 16) }
    }

    fn time<R>(&mut self, work: impl Fn(&mut [u8]) -> R) -> f64 {
        let (begin, mut done) = (Instant::now(), 0);
        while done < self.repeats {
            for text in self.memory.chunks_exact_mut(self.stride) {
                black_box(work(black_box(&mut text[OFFSET..OFFSET + self.len])));
                done += 1;
            }
        }
        begin.elapsed().as_nanos() as f64 / done as f64
    }
}

/// `alphabet` again and again up to `len` bytes; where a code point would be cut, dots.
fn whole(alphabet: &str, len: usize) -> String {
    let mut text = String::new();
    for character in alphabet.chars().cycle() {
        if text.len() + character.len_utf8() > len {
            break;
        }
        text.push(character);
    }
    let dots = ".".repeat(len - text.len());
    text + &dots
}

pub(crate) fn tables() {
    for (name, alphabet) in [
        ("ASCII", "{\"id\":1} "),
        ("German", "schöne Grüße "),
        ("Chinese", "消息"),
        ("words with emoji", "Grüße 🎉, ok 😀 "),
    ] {
        let texts = |len| Texts::new(alphabet, len);
        let title = format!("check {name}: ns per text");
        table(&title, &LENGTHS, texts, at_rest(), |ns, _| ns);
        let title = format!("unmask and check {name}: ns per text");
        table(&title, &LENGTHS, texts, unmasked(), |ns, _| ns);
    }
}

/// Texts that nobody has touched for a while.
fn at_rest() -> Vec<Row<Texts>> {
    vec![
        row("core", |text| core::str::from_utf8(text).is_ok()),
        row("simdutf8", |text| simdutf8::basic::from_utf8(text).is_ok()),
        row("wharf, whole", |text| wharf_bytes::from_utf8(text).is_ok()),
        row("wharf, in pieces", |text| {
            let mut stream = Utf8Stream::new();
            stream.feed(text).and_then(|()| stream.finish()).is_ok()
        }),
    ]
}

/// Texts whose bytes are still on their way into the cache, as those of a frame are.
fn unmasked() -> Vec<Row<Texts>> {
    vec![
        row("mask alone", unmask),
        row("mask, core", |text| {
            unmask(text);
            core::str::from_utf8(text).is_ok()
        }),
        row("mask, simdutf8", |text| {
            unmask(text);
            simdutf8::basic::from_utf8(text).is_ok()
        }),
        row("mask, wharf", |text| {
            unmask(text);
            wharf_bytes::from_utf8(text).is_ok()
        }),
    ]
}

/// With a key that leaves the text as it is, which only the optimiser must not know.
fn unmask(text: &mut [u8]) {
    wharf_bytes::mask(black_box([0; 4]), text);
}

/// `work` is timed together with the loop around it, so it is compiled into that loop.
fn row<R>(name: &'static str, work: impl Fn(&mut [u8]) -> R + 'static) -> Row<Texts> {
    (name, Box::new(move |texts| texts.time(&work)))
}
