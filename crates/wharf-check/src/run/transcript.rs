//! What was on the wire, and when.

use serde::{Deserialize, Serialize};
use std::time::Instant;

/// How much of one write or read is kept.
const KEPT: usize = 256;
/// How many entries are kept.
const ENTRIES: usize = 120;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Actor {
    /// The tester wrote.
    Tester,
    /// The target wrote.
    Target,
    /// Nobody wrote: a remark of the runner.
    Runner,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Microseconds since the connection was begun.
    pub at: u64,
    /// Who did it.
    pub actor: Actor,
    /// What it is.
    pub note: String,
    /// The first bytes, in hexadecimal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hex: String,
    /// How many bytes there were.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub length: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Writes down what happens on one connection.
#[derive(Debug)]
pub(crate) struct Transcript {
    start: Instant,
    entries: Vec<Entry>,
}

impl Transcript {
    /// Begins now.
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), entries: Vec::new() }
    }

    /// Bytes went over the wire.
    pub(crate) fn bytes(&mut self, actor: Actor, note: impl Into<String>, bytes: &[u8]) {
        let shown = &bytes[..bytes.len().min(KEPT)];
        self.push(actor, note.into(), hex(shown), bytes.len());
    }

    /// Something happened that has no bytes.
    pub(crate) fn note(&mut self, actor: Actor, note: impl Into<String>) {
        self.push(actor, note.into(), String::new(), 0);
    }

    fn push(&mut self, actor: Actor, note: String, hex: String, length: usize) {
        let at = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        match self.entries.len() {
            0..ENTRIES => self.entries.push(Entry { at, actor, note, hex, length }),
            ENTRIES => {
                let note = "more, which is not kept".to_owned();
                let (hex, length) = (String::new(), 0);
                self.entries.push(Entry { at, actor: Actor::Runner, note, hex, length });
            }
            _ => {}
        }
    }

    /// All entries.
    pub(crate) fn finish(self) -> Vec<Entry> {
        self.entries
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        for digit in [byte >> 4, byte & 0xf] {
            hex.extend(char::from_digit(digit.into(), 16));
        }
        hex
    })
}
