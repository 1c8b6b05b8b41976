//! Asking a server, and what is made of the answers.

use crate::run::{Served, code, run, stderr, stdout};
use std::{env, fs, path::PathBuf, process};

/// A file of this test alone.
fn file(name: &str) -> PathBuf {
    env::temp_dir().join(format!("wharf-check-{}-{name}", process::id()))
}

/// A quick run of our own server finds nothing, and each kind of report is written.
#[test]
fn a_server_that_keeps_the_rules_passes() {
    let served = Served::start(&[]);
    let (json, html, junit) = (file("a.json"), file("a.html"), file("a.xml"));
    let reports = [
        format!("json={}", json.display()),
        format!("html={}", html.display()),
        format!("junit={}", junit.display()),
    ];
    let output = run(&[
        "check",
        "server",
        &served.echo,
        "--quick",
        "--only",
        "frames,masking",
        "--name",
        "ours",
        "--report",
        &reports[0],
        "--report",
        &reports[1],
        "--report",
        &reports[2],
    ]);
    assert_eq!((code(&output), stderr(&output)), (0, ""), "{}", stdout(&output));
    let read = |file: &PathBuf| fs::read_to_string(file).unwrap();
    let report: serde_json::Value = serde_json::from_str(&read(&json)).unwrap();
    assert_eq!(report["target"], "ours");
    assert!(report["outcomes"].as_array().unwrap().len() > 20);
    assert!(read(&html).contains("id=\"frames/rsv1\""));
    assert!(read(&junit).contains("failures=\"0\""));
    let json = json.to_str().unwrap();
    let page = run(&["check", "--matrix", json, json]);
    assert!(stdout(&page).contains("<code>masking/wrong-text</code>"));
    let again = run(&["check", "server", &served.echo, "--only", "masking", "--baseline", json]);
    assert_eq!(code(&again), 0);
    assert!(stdout(&again).contains("0 worse"), "{}", stdout(&again));
}

/// What is wrong is told with its rule, and by the exit code. This echo is no echo: it closes at once.
#[test]
fn a_server_that_does_not_echo_is_told_so() {
    let served = Served::start(&[]);
    let output = run(&["check", "server", &served.at("/close")]);
    assert_eq!(code(&output), 6);
    assert!(stderr(&output).contains("does not echo"), "{}", stderr(&output));
    assert_eq!(code(&run(&["check", "server", "ws://127.0.0.1:1/"])), 3);
    assert_eq!(code(&run(&["check", "server", "ftp://127.0.0.1/"])), 2);
}

/// A limit below what a case needs is a strict verdict, and makes the run fail.
#[test]
fn a_server_with_a_low_limit_is_strict() {
    let served = Served::start(&["--max-message", "1000"]);
    let output = run(&["check", "server", &served.echo, "--only", "9.1.1"]);
    assert_eq!(code(&output), 6);
    assert!(stdout(&output).contains("strict  sizes/text-64k"), "{}", stdout(&output));
}

/// A case is told with its rule, its bytes and what was on the wire; Autobahn's number names it, too.
#[test]
fn a_case_is_explained() {
    let served = Served::start(&[]);
    let output = run(&["check", "server", &served.echo, "--explain", "3.2"]);
    let told = stdout(&output);
    assert_eq!(code(&output), 0);
    for words in ["frames/rsv2", "RFC 6455 §5.2", "a1 08", "close 1002", "pass frames/rsv2"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert_eq!(code(&run(&["check", "server", &served.echo, "--explain", "no/such"])), 2);
}

/// The list needs nobody to ask.
#[test]
fn cases_are_listed() {
    let server = run(&["check", "server", "ws://x", "--list"]);
    assert!(stdout(&server).contains("request/key-twice"));
    let client = run(&["check", "client", "--list"]);
    assert!(stdout(&client).contains("response/accept-missing"));
    assert!(!stdout(&client).contains("request/"));
}
