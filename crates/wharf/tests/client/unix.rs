//! Unix domain sockets.

use crate::peer::answer_on;
use tokio::net::UnixListener;
use wharf::{Client, Stage};

fn path(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("wharf-client-{}-{name}", std::process::id()))
}

#[tokio::test]
async fn a_unix_socket_is_dialled_and_the_url_is_only_named() {
    let path = path("open");
    let listener = UnixListener::bind(&path).unwrap();
    let server = async {
        let (io, _) = listener.accept().await.unwrap();
        answer_on(io, |head| head.switch(&[]).into()).await
    };
    let client =
        async { Client::default().connect_unix(&path, "ws://inside/live").await.map(drop) };
    let (opened, head) = tokio::join!(client, server);
    std::fs::remove_file(&path).unwrap();
    opened.unwrap();
    assert_eq!(head.values("host"), ["inside"]);
    assert!(head.text().starts_with("GET /live "));
}

/// Checklist 9.
#[tokio::test]
async fn a_socket_that_is_not_there_is_named_by_its_path() {
    let path = path("absent");
    let error = Client::default().connect_unix(&path, "ws://h/").await.unwrap_err();
    assert_eq!(error.stage(), Stage::Connect);
    assert_eq!(error.to_string(), format!("connection to {} failed", path.display()));
}
