//! A feed of prices, and a client that stays connected to it.
//!
//! ```console
//! $ cargo run -p wharf-examples --bin ticker serve [ADDRESS]
//! $ cargo run -p wharf-examples --bin ticker watch ws://127.0.0.1:9060/ OAK ELM
//! ```
//!
//! Stop the server and start it again: the client comes back, subscribes anew, asks for what it missed, and tells what
//! nobody can give it any more. The server keeps the last 600 ticks.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

mod serve;
mod watch;

use anyhow::bail;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match &words[..] {
        ["serve"] => serve::run("127.0.0.1:9060").await,
        ["serve", address] => serve::run(address).await,
        ["watch", url, symbols @ ..] => watch::run(url, symbols).await,
        _ => bail!("ticker serve [ADDRESS] | watch URL [SYMBOL…]"),
    }
}
