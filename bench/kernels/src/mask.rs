//! Unmasking in place, by the functions that the crates publish for it.

use crate::rounds::{Row, table};
use std::{hint::black_box, time::Instant};

const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
const LENGTHS: [usize; 10] = [16, 32, 64, 125, 192, 256, 512, 1_024, 4_096, 65_536];
/// So many bytes are worked on in turn, so that no payload waits for the store of the round before.
const WORKING_SET: usize = 16_384;
/// Where a client's small frame has its payload.
const OFFSET: usize = 6;

struct Payloads {
    memory: Vec<u8>,
    stride: usize,
    len: usize,
    repeats: usize,
}

impl Payloads {
    fn new(len: usize) -> Self {
        let stride = (len + OFFSET).next_multiple_of(64);
        let count = (WORKING_SET / stride).max(1);
        Self { memory: vec![0x55; count * stride], stride, len, repeats: 40_000 / (10 + len / 16) }
    }

    fn time(&mut self, work: impl Fn([u8; 4], &mut [u8])) -> f64 {
        let (begin, mut done) = (Instant::now(), 0);
        while done < self.repeats {
            for payload in self.memory.chunks_exact_mut(self.stride) {
                work(black_box(KEY), black_box(&mut payload[OFFSET..OFFSET + self.len]));
                done += 1;
            }
        }
        begin.elapsed().as_nanos() as f64 / done as f64
    }
}

pub(crate) fn tables() {
    let source = vec![0x55; LENGTHS[LENGTHS.len() - 1]];
    let rows: Vec<Row<Payloads>> = vec![
        (
            "memcpy",
            Box::new(move |payloads| {
                payloads.time(|_, payload| payload.copy_from_slice(&source[..payload.len()]))
            }),
        ),
        (
            "wharf",
            Box::new(|payloads| {
                payloads.time(|key, payload| {
                    wharf_bytes::mask(key, payload);
                })
            }),
        ),
        (
            "fastwebsockets",
            Box::new(|payloads| payloads.time(|key, payload| fastwebsockets::unmask(payload, key))),
        ),
        (
            "sockudo-ws",
            Box::new(|payloads| {
                payloads.time(|key, payload| sockudo_ws::mask::apply_mask(payload, key))
            }),
        ),
        (
            "yawc",
            Box::new(|payloads| payloads.time(|key, payload| yawc::mask::apply_mask(payload, key))),
        ),
    ];
    table("unmask in place: GB/s", &LENGTHS, Payloads::new, rows, |ns, len| len as f64 / ns);
}
