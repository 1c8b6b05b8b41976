use crate::program::{Program, soon};
use serde_json::Value;
use wharf_testkit::lasting_port;

const TICKER: &str = env!("CARGO_BIN_EXE_ticker");

/// The number of a tick that was printed, if it was one.
fn number(line: &str) -> Option<u64> {
    line.split(' ').next()?.parse().ok()
}

#[tokio::test]
async fn the_client_comes_back_after_the_server_and_tells_the_gap() {
    // The server comes back to it.
    let place = format!("127.0.0.1:{}", lasting_port());
    let (server, address) = Program::serve(TICKER, &["serve", &place]).await;
    let mut client = Program::start(TICKER, &["watch", &format!("ws://{address}/"), "OAK"]);
    assert_eq!(client.line().await, "up: connection 1");
    let first = client.line().await;
    assert!(first.contains("{\"OAK\":") && !first.contains("ELM"), "{first}");

    // Another feed goes on meanwhile: numbers follow the clock.
    let (other, elsewhere) = Program::serve(TICKER, &["serve", "127.0.0.1:0"]).await;
    server.kill().await;
    let (mut last, mut down) = (0, first.clone());
    while let Some(seen) = number(&down) {
        last = seen;
        down = client.line().await;
    }
    assert!(down.starts_with("down: ") && down.contains("; again in "), "{down}");
    passes(&elsewhere, last + 3).await;
    let (server, _) = Program::serve(TICKER, &["serve", &address]).await;
    client.line_with("up: connection 2").await;
    // The new server knows nothing of before.
    let gap = client.line().await;
    assert!(gap.starts_with("gap: ") && gap.ends_with(" ticks are missing"), "{gap}");
    let after = client.line().await;
    assert!(number(&after) > number(&first), "{first} {after}");
    assert!(client.end().await.contains("closed after tick "));
    server.end().await;
    other.end().await;
}

/// Waits until a feed has passed this number.
async fn passes(address: &str, number: u64) {
    let mut socket = soon(wharf::connect(format!("ws://{address}/"))).await.unwrap();
    socket.send(r#"{"subscribe": [], "after": null}"#).await.unwrap();
    while tick(soon(socket.recv()).await.unwrap().unwrap().as_text().unwrap()) <= number {}
}

#[tokio::test]
async fn who_comes_back_gets_what_was_kept_without_a_gap() {
    let (server, address) = Program::serve(TICKER, &["serve", "127.0.0.1:0"]).await;
    let url = format!("ws://{address}/");
    let mut socket = soon(wharf::connect(&url)).await.unwrap();
    socket.send(r#"{"subscribe": [], "after": null}"#).await.unwrap();
    let mut last = 0;
    for _ in 0..3 {
        let message = soon(socket.recv()).await.unwrap().unwrap();
        last = tick(message.as_text().unwrap());
    }
    drop(socket);
    let mut socket = soon(wharf::connect(&url)).await.unwrap();
    let wish = format!(r#"{{"subscribe": ["ELM"], "after": {}}}"#, last - 2);
    socket.send(wish).await.unwrap();
    for expected in last - 1..last + 3 {
        let message = soon(socket.recv()).await.unwrap().unwrap();
        assert_eq!(tick(message.as_text().unwrap()), expected);
    }
    let mut lost = soon(wharf::connect(&url)).await.unwrap();
    lost.send("what").await.unwrap();
    assert_eq!(soon(lost.recv()).await.unwrap(), None);
    assert_eq!(lost.ending().unwrap().code(), 1008);
    server.end().await;
}

fn tick(text: &str) -> u64 {
    let tick: Value = serde_json::from_str(text).unwrap();
    tick["number"].as_u64().unwrap()
}

/// A server that says no for good is not asked again.
#[tokio::test]
async fn what_is_no_use_is_given_up() {
    let (server, address) = Program::serve(env!("CARGO_BIN_EXE_chat"), &["127.0.0.1:0"]).await;
    let done = crate::program::run(TICKER, &["watch", &format!("ws://{address}/")]).await;
    assert!(!done.success && done.err.contains("given up"), "{}", done.err);
    assert!(done.err.contains("400"), "{}", done.err);
    server.end().await;
}
