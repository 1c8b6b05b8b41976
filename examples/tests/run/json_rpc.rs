use crate::program::{Program, run, soon};
use serde_json::{Value, json};
use wharf::WebSocket;

const JSON_RPC: &str = env!("CARGO_BIN_EXE_json_rpc");

async fn ask(socket: &mut WebSocket, text: impl Into<String>) -> Value {
    socket.send(text.into()).await.unwrap();
    let answer = soon(socket.recv()).await.unwrap().unwrap();
    serde_json::from_str(answer.as_text().unwrap()).unwrap()
}

#[tokio::test]
async fn values_are_set_got_and_told_by_the_command() {
    let (server, address) = Program::serve(JSON_RPC, &["serve", "127.0.0.1:0"]).await;
    let url = &format!("ws://{address}/");
    let mut watcher = Program::start(JSON_RPC, &["watch", url]);
    assert_eq!(watcher.line().await, format!("watching {url}"));

    let set = run(JSON_RPC, &["call", url, "set", r#"{"key": "colour", "value": "blue"}"#]).await;
    assert!(set.success, "{}", set.err);
    assert_eq!(watcher.line().await, r#"changed {"key":"colour","value":"blue"}"#);
    assert_eq!(run(JSON_RPC, &["call", url, "get", r#"["colour"]"#]).await.out, "\"blue\"\n");

    for (words, says) in [
        (["call", url, "gone", "[]"], "Method not found: gone (error -32601)"),
        (["call", url, "get", "[7]"], "Invalid params: `key` is no string (error -32602)"),
        (["call", url, "get", "{"], "the parameters are no JSON"),
    ] {
        let failed = run(JSON_RPC, &words).await;
        assert!(!failed.success && failed.err.contains(says), "{}", failed.err);
    }
    assert!(watcher.end().await.contains("closed by this end, 1000"));
    server.end().await;
}

#[tokio::test]
async fn mistakes_of_any_client_are_answered_by_their_code() {
    let (server, address) = Program::serve(JSON_RPC, &["serve", "127.0.0.1:0"]).await;
    let url = format!("ws://{address}/");
    assert_eq!(soon(wharf::connect(&url)).await.unwrap_err().response().unwrap().status(), 400);

    let client = wharf::Client::builder().subprotocols(["jsonrpc-2.0"]).unwrap().build();
    let mut socket = soon(client.connect(&url)).await.unwrap();
    assert_eq!(ask(&mut socket, "{").await["error"]["code"], -32700);
    let batch = json!([
        { "jsonrpc": "2.0", "method": "set", "params": ["a", 1] },
        { "jsonrpc": "2.0", "method": "get", "params": ["a"], "id": "x" },
    ]);
    let answers = [ask(&mut socket, batch.to_string()).await, next(&mut socket).await];
    assert!(
        answers.contains(&json!([{ "jsonrpc": "2.0", "result": 1, "id": "x" }])),
        "{answers:?}"
    );
    assert!(answers.iter().any(|answer| answer["method"] == "changed"), "{answers:?}");
    socket.send(vec![1]).await.unwrap();
    assert_eq!(soon(socket.recv()).await.unwrap(), None);
    assert_eq!(socket.ending().unwrap().code(), 1003);
    server.end().await;
}

async fn next(socket: &mut WebSocket) -> Value {
    let message = soon(socket.recv()).await.unwrap().unwrap();
    serde_json::from_str(message.as_text().unwrap()).unwrap()
}
