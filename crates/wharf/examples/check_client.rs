//! The client that `wharf check client` asks: `check_client URL`. It echoes until the connection ends.
//!
//! `cargo xtask ci conformance` runs it, once for each case.

use std::sync::Arc;
use wharf::{Client, Config, Deflate, Role};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::args().nth(1).unwrap_or_default();
    let mut config = Config::new(Role::Client);
    config.compression.threshold = 0;
    let client = Client::builder().config(Arc::new(config)).deflate(Some(Deflate::CLIENT)).build();
    // How a connection ends is for the suite to judge, by what it sees on the wire.
    let Ok(mut socket) = client.connect(&url).await else { return };
    while let Ok(Some(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            break;
        }
    }
}
