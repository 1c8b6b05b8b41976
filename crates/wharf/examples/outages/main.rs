//! What becomes of clients and their messages when real servers are killed, restarted and drained.
//!
//! * `outages restarts LEDGER`: 200 clients that stay connected, and a server that is killed again and again.
//! * `outages drain CONNECTIONS WITHIN_SECONDS SERVER…`: so many clients under load, and this server gets SIGTERM.
//! * `outages server PORT LEDGER`: the server of the first; it writes down whatever it takes.
//!
//! `cargo xtask restarts` and `cargo xtask drain` run it.
#![expect(clippy::print_stdout, reason = "its lines are its result")]

#[cfg(unix)]
mod account;
#[cfg(unix)]
mod client;
#[cfg(unix)]
mod crowd;
#[cfg(unix)]
mod curve;
#[cfg(unix)]
mod drain;
#[cfg(unix)]
mod ledger;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod restarts;
#[cfg(unix)]
mod server;

use std::error::Error;

/// What a part of this comes to.
type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

#[cfg(unix)]
#[tokio::main]
async fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["restarts", ledger] => print!("{}", restarts::play(ledger.as_ref()).await?),
        ["drain", connections, within, ref server @ ..] => {
            print!("{}", drain::play(connections.parse()?, within.parse()?, server).await?);
        }
        ["server", port, ledger] => server::serve(port.parse()?, ledger.as_ref()).await?,
        _ => {
            return Err(
                "outages restarts LEDGER | drain CONNECTIONS SECONDS SERVER… | server PORT LEDGER"
                    .into(),
            );
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn main() -> Outcome {
    Err("there is no SIGKILL here".into())
}
