//! Which messages a server has taken, in a file that outlives it.

use super::Outcome;
use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

/// A message, by its client and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) client: u32,
    pub(crate) number: u64,
}

const ENTRY: usize = 12;

/// The file, open for writing at its end.
#[derive(Debug)]
pub(crate) struct Ledger(File);

impl Ledger {
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        Ok(Self(File::options().append(true).create(true).open(path)?))
    }

    /// Writes an entry: once this is back, the system has it, and the process may be killed.
    pub(crate) fn write(&self, entry: Entry) -> Outcome {
        let mut bytes = [0; ENTRY];
        bytes[..4].copy_from_slice(&entry.client.to_le_bytes());
        bytes[4..].copy_from_slice(&entry.number.to_le_bytes());
        Ok((&self.0).write_all(&bytes)?)
    }
}

/// All entries, in the order in which they were written.
pub(crate) fn read(path: &Path) -> Outcome<Vec<Entry>> {
    let bytes = fs::read(path)?;
    let (entries, rest) = bytes.as_chunks::<ENTRY>();
    if rest.is_empty() {
        Ok(entries.iter().map(entry).collect())
    } else {
        Err("the ledger ends within an entry".into())
    }
}

fn entry(bytes: &[u8; ENTRY]) -> Entry {
    let [a, b, c, d, number @ ..] = *bytes;
    Entry { client: u32::from_le_bytes([a, b, c, d]), number: u64::from_le_bytes(number) }
}
