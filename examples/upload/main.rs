//! Uploads a file over a WebSocket, in chunks and in bounded memory on both sides.
//!
//! ```console
//! $ cargo run -p wharf-examples --bin upload receive FOLDER [ADDRESS] [LIMIT]
//! $ cargo run -p wharf-examples --bin upload send FILE ws://127.0.0.1:9030/
//! ```
//!
//! LIMIT is in bytes, 1 GiB unless told otherwise. A file is one message: the receiver writes it down as it comes, tells
//! how far it is, and at the end tells the SHA-256 of what it has, which the sender compares.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

mod receive;
mod send;

use anyhow::{Context, bail};
use std::path::Path;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["receive", folder] => receive::run(Path::new(folder), "127.0.0.1:9030", 1 << 30).await,
        ["receive", folder, address] => receive::run(Path::new(folder), address, 1 << 30).await,
        ["receive", folder, address, limit] => {
            let limit = limit.parse().context("LIMIT is a number of bytes")?;
            receive::run(Path::new(folder), address, limit).await
        }
        ["send", file, url] => send::run(Path::new(file), url).await,
        _ => bail!("upload receive FOLDER [ADDRESS] [LIMIT] | send FILE URL"),
    }
}

/// A hash as people compare it.
fn hex(digest: &ring::digest::Digest) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
