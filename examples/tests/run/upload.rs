use crate::program::{Program, run, soon};
use std::{env, fs, path::PathBuf};

const UPLOAD: &str = env!("CARGO_BIN_EXE_upload");

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test]
async fn a_file_arrives_whole_and_both_sides_agree_on_its_hash() {
    let folder = folder("upload-whole");
    let file = folder.join("letter.bin");
    let bytes: Vec<u8> = (0..5_000_001_u32).map(|at| (at * 31 % 251) as u8).collect();
    fs::write(&file, &bytes).unwrap();
    let inbox = folder.join("inbox");
    let words = ["receive", inbox.to_str().unwrap(), "127.0.0.1:0"];
    let (mut server, address) = Program::serve(UPLOAD, &words).await;
    let sent = run(UPLOAD, &["send", file.to_str().unwrap(), &format!("ws://{address}/")]).await;
    assert!(sent.success, "{}", sent.err);
    let progress = sent.out.lines().filter(|line| line.ends_with("of 5000001 bytes")).count();
    assert_eq!(progress, 4, "{}", sent.out);
    let summary = sent.out.lines().last().unwrap();
    assert!(summary.starts_with("letter.bin: 5000001 bytes, SHA-256 "), "{summary}");
    assert_eq!(server.line().await, summary);
    assert!(fs::read(inbox.join("letter.bin")).unwrap() == bytes);
    assert_eq!(fs::read_dir(inbox).unwrap().count(), 1);
    server.end().await;
}

#[tokio::test]
async fn a_file_above_the_limit_is_refused_on_its_way_and_leaves_nothing() {
    let folder = folder("upload-limit");
    let file = folder.join("large");
    fs::write(&file, vec![7; 3_000_000]).unwrap();
    let inbox = folder.join("inbox");
    let words = ["receive", inbox.to_str().unwrap(), "127.0.0.1:0", "1000000"];
    let (mut server, address) = Program::serve(UPLOAD, &words).await;
    let sent = run(UPLOAD, &["send", file.to_str().unwrap(), &format!("ws://{address}/")]).await;
    assert!(!sent.success);
    assert!(sent.err.contains("1009 \"more than 1000000 bytes\""), "{}", sent.err);
    assert_eq!(server.line().await, "large: more than 1000000 bytes");
    assert_eq!(fs::read_dir(inbox).unwrap().count(), 0);
    server.end().await;
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_is_refused() {
    let folder = folder("upload-names");
    let words = ["receive", folder.to_str().unwrap(), "127.0.0.1:0"];
    let (server, address) = Program::serve(UPLOAD, &words).await;
    for name in ["", ".profile", "a/b", "..%2fa", "a%20b"] {
        let error = soon(wharf::connect(format!("ws://{address}/{name}"))).await.unwrap_err();
        assert_eq!(error.response().unwrap().status(), 400, "{name}");
    }
    server.end().await;
}
