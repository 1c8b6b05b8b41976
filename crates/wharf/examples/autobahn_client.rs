//! The client that the Autobahn test suite judges: `autobahn_client URL…`, one URL per fuzzing server.
//!
//! For each server it asks for the number of cases, echoes through each, and has the report written.

use std::sync::Arc;
use wharf::{Client, Config, Message, Role};

/// The name in the report.
const AGENT: &str = "wharf";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = Client::builder().config(roomy()).build();
    let servers: Vec<_> =
        std::env::args().skip(1).map(|url| tokio::spawn(all_cases(client.clone(), url))).collect();
    for server in servers {
        server.await.expect("a server's cases are run to the end");
    }
}

/// The suite sends messages of 16 MiB, and some in 65,536 fragments.
fn roomy() -> Arc<Config> {
    let mut config = Config::new(Role::Client);
    config.limits.frame = 32 << 20;
    config.limits.message = 32 << 20;
    config.limits.outbox = 64 << 20;
    config.limits.fragments = 1 << 20;
    Arc::new(config)
}

async fn all_cases(client: Client, server: String) {
    let count = case_count(&client, &server).await;
    for case in 1..=count {
        echo(&client, &format!("{server}/runCase?case={case}&agent={AGENT}")).await;
    }
    echo(&client, &format!("{server}/updateReports?agent={AGENT}")).await;
}

async fn case_count(client: &Client, server: &str) -> u32 {
    let mut socket =
        client.connect(format!("{server}/getCaseCount")).await.expect("a fuzzing server");
    let answer = socket.recv().await.expect("the number of cases");
    let count = answer.as_ref().and_then(Message::as_text).and_then(|text| text.parse().ok());
    socket.drive().await;
    count.expect("a number")
}

/// How a case ends is for the suite to judge, by what it sees on the wire.
async fn echo(client: &Client, url: &str) {
    let Ok(mut socket) = client.connect(url).await else { return };
    while let Ok(Some(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            break;
        }
    }
}
