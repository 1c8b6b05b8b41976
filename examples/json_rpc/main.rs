//! JSON-RPC 2.0 over a WebSocket, server and client: a store that tells who watches it.
//!
//! ```console
//! $ cargo run -p wharf-examples --bin json_rpc serve [ADDRESS]
//! $ cargo run -p wharf-examples --bin json_rpc watch ws://127.0.0.1:9020/
//! $ cargo run -p wharf-examples --bin json_rpc call ws://127.0.0.1:9020/ set '{"key": "colour", "value": "blue"}'
//! $ cargo run -p wharf-examples --bin json_rpc call ws://127.0.0.1:9020/ get '["colour"]'
//! ```
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

mod client;
mod serve;
mod store;
mod wire;

use anyhow::{Context, bail};
use client::Client;
use serde_json::Value;
use std::pin::pin;

/// What both ends must speak.
const SUBPROTOCOL: &str = "jsonrpc-2.0";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["serve"] => serve::run("127.0.0.1:9020").await,
        ["serve", address] => serve::run(address).await,
        ["call", url, method] => call(url, method, Value::Null).await,
        ["call", url, method, params] => {
            call(url, method, serde_json::from_str(params).context("the parameters are no JSON")?)
                .await
        }
        ["watch", url] => watch(url).await,
        _ => bail!("json_rpc serve [ADDRESS] | call URL METHOD [PARAMS] | watch URL"),
    }
}

async fn call(url: &str, method: &str, params: Value) -> anyhow::Result<()> {
    let (client, _notifications) = Client::connect(url).await?;
    let answer = client.call(method, params).await;
    client.close().await;
    println!("{}", answer?);
    Ok(())
}

/// Prints what the server tells unasked, until Ctrl-C or the end.
async fn watch(url: &str) -> anyhow::Result<()> {
    let (client, mut notifications) = Client::connect(url).await?;
    println!("watching {url}");
    // One for all turns: a signal that comes while a line is printed would be nobody's otherwise.
    let mut stop = pin!(tokio::signal::ctrl_c());
    loop {
        tokio::select! {
            biased;
            _ = &mut stop => break,
            notification = notifications.recv() => match notification {
                Some(told) => println!("{} {}", told.method, told.params),
                None => bail!("the server ended it: {}", client.close().await),
            },
        }
    }
    println!("{}", client.close().await);
    Ok(())
}
