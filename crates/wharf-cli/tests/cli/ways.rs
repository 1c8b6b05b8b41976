//! Ways to a server: proxies, redirects, and what is told on them.

use crate::run::{Served, code, run, stderr, stdout, wharf};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::Stdio,
    thread,
};

/// Reads a head and answers it; gives the first line.
fn answer(stream: &TcpStream, answer: &str) -> String {
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    assert!(lines.any(|line| line.is_empty()));
    let mut writer = stream;
    writer.write_all(answer.as_bytes()).unwrap();
    first
}

/// A server of one answer, and where it listens.
fn stub(text: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        answer(&stream, &text);
        // However the peer leaves, it has left.
        let _ = stream.read_to_end(&mut Vec::new());
    });
    address
}

fn redirect(location: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
}

/// An HTTP proxy for one connection, and where it listens.
fn proxy(target: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let (near, _) = listener.accept().unwrap();
        let asked = answer(&near, "HTTP/1.1 200 OK\r\n\r\n");
        assert_eq!(asked, format!("CONNECT {target} HTTP/1.1"));
        let far = TcpStream::connect(target).unwrap();
        let (mut from, mut to) = (near.try_clone().unwrap(), far.try_clone().unwrap());
        thread::spawn(move || std::io::copy(&mut from, &mut to));
        // It ends as either end does.
        let _ = std::io::copy(&mut &far, &mut &near);
    });
    address
}

/// Checklist 21: only on request, and no further than was asked for.
#[test]
fn redirects_are_followed_on_request() {
    let served = Served::start(&[]);
    let from = || format!("ws://{}/", stub(redirect(&served.echo)));
    let followed = run(&["connect", "-v", "-w0s", "--follow", "1", "--cookie", "a=b", &from()]);
    assert_eq!(code(&followed), 0, "{}", stderr(&followed));
    assert!(stderr(&followed).contains("> GET /echo HTTP/1.1"), "{}", stderr(&followed));
    // The stub's port is another origin.
    assert_eq!(stderr(&followed).matches("> cookie: a=b").count(), 1, "{}", stderr(&followed));

    let plain = run(&["connect", &from()]);
    assert_eq!(code(&plain), 5);
    assert!(stderr(&plain).contains("302 Found"), "{}", stderr(&plain));

    let circle = run(&["connect", "--follow", "9", &format!("ws://{}/a", stub(redirect("/a")))]);
    assert_eq!(code(&circle), 5);
    assert!(stderr(&circle).contains("which was asked already"), "{}", stderr(&circle));
}

/// Checklist 8.
#[test]
fn a_proxy_is_given_or_taken_from_the_environment_and_else_not_used() {
    let served = Served::start(&[]);
    let target = served.echo.trim_start_matches("ws://").split('/').next().unwrap().to_owned();
    let echo = |flags: &[&str], variable: &str| {
        let mut command = wharf(&[&["connect", "--once"], flags, &[&served.echo]].concat());
        command.env("ws_proxy", variable).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"hello\n").unwrap();
        child.wait_with_output().unwrap()
    };
    let given = echo(&["--proxy", &proxy(target.clone())], "");
    assert_eq!((code(&given), stdout(&given)), (0, "hello\n"), "{}", stderr(&given));
    let from_env = echo(&["--proxy", "env"], &proxy(target));
    assert_eq!((code(&from_env), stdout(&from_env)), (0, "hello\n"), "{}", stderr(&from_env));
    let unasked = echo(&[], "127.0.0.1:1");
    assert_eq!((code(&unasked), stdout(&unasked)), (0, "hello\n"), "{}", stderr(&unasked));
    let wrong = echo(&["--proxy", "env"], "gopher://u:hush@h");
    assert_eq!(code(&wrong), 2);
    assert!(stderr(&wrong).contains("ws_proxy") && !stderr(&wrong).contains("hush"));
}

/// Checklist 9: the message and the exit code say that it was the proxy.
#[test]
fn a_proxy_that_refuses_is_named() {
    let refusing = stub("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n".into());
    let output = run(&["connect", "--proxy", &format!("http://u:hush@{refusing}"), "ws://h/"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    let said = format!("proxy {refusing} failed: it answered 403 Forbidden");
    assert!(stderr(&output).contains(&said), "{}", stderr(&output));
    assert!(!stderr(&output).contains("hush"));
}
