//! `wharf connect`.

use crate::run::{Running, Served, code, run, run_with, stderr, stdout};
use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

/// Each line of a pipe is a message, in order, and what comes back is lines again.
#[test]
fn lines_are_echoed_in_order() {
    let served = Served::start(&[]);
    let mut client = Running::start(&["connect", "--wait", "0s", &served.echo]);
    client.write("one\nzwei\n\ntrois é\n");
    for line in ["one", "zwei", "", "trois é"] {
        assert_eq!(client.line(), line);
    }
    client.end_input();
    let (code, errors) = client.wait();
    assert_eq!((code, errors.as_str()), (0, "closed 1000 by this end\n"));
}

/// RFC 6455 §5.6: with `--binary` lines are bytes in both directions.
#[test]
fn binary_is_lines_of_hexadecimal_digits() {
    let served = Served::start(&[]);
    let output = run_with(b"de ad be ef\n", &["connect", "--binary", "--once", &served.echo]);
    assert_eq!((code(&output), stdout(&output)), (0, "deadbeef\n"));
}

/// A program that reads stdout gets the bytes as they came, whatever they are. checklist 147
#[test]
fn a_pipe_gets_text_as_it_came() {
    let served = Served::start(&[]);
    let output = run_with(b"\x1b[31mred\n", &["connect", "--once", &served.echo]);
    assert_eq!((code(&output), stdout(&output)), (0, "\x1b[31mred\n"));
}

/// With `--json` each event is an object on a line of its own.
#[test]
fn events_are_objects() {
    let served = Served::start(&["--subprotocol", "chat", "--deflate", "off"]);
    let arguments = ["connect", "--json", "--once", "--subprotocol", "chat", &served.echo];
    let output = run_with("a \"quoted\" \u{202e}\n".as_bytes(), &arguments);
    let events: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events[0]["event"], "open");
    assert_eq!(events[0]["subprotocol"], "chat");
    assert_eq!(events[1]["data"], "a \"quoted\" \u{202e}");
    assert_eq!((&events[2]["event"], &events[2]["code"]), (&"close".into(), &1000.into()));
    assert_eq!(events.len(), 3);
}

/// The code and the reason of the peer's close are told, and the shell learns of an error.
#[test]
fn a_close_with_an_error_has_its_own_exit_code() {
    let served = Served::start(&[]);
    let output = run(&["connect", "--wait", "forever", &served.at("/close?code=4001&reason=bye")]);
    assert_eq!(code(&output), 9);
    assert_eq!(stderr(&output), "closed 4001 \"bye\" by the peer\n");
    let output = run(&["connect", "--wait", "forever", &served.at("/close?code=1001")]);
    assert_eq!(code(&output), 0);
}

/// RFC 6455 §4.1: a server that answers with another status has not upgraded.
#[test]
fn a_refusal_tells_status_and_body() {
    let served = Served::start(&[]);
    let output = run(&["connect", &served.at("/nowhere")]);
    assert_eq!(code(&output), 5);
    assert!(stderr(&output).contains("404 Not Found"), "{}", stderr(&output));
    assert!(stderr(&output).starts_with("< Nothing is here"), "{}", stderr(&output));
}

/// RFC 6455 §10.2: a foreign page may not connect unless it is listed.
#[test]
fn a_foreign_origin_is_refused_and_a_listed_one_is_not() {
    let served = Served::start(&["--origin", "https://*.app.example"]);
    let foreign = run(&["connect", "--origin", "https://app.example.evil", &served.echo]);
    assert_eq!(code(&foreign), 5);
    let arguments = ["connect", "--once", "--origin", "https://a.app.example", &served.echo];
    assert_eq!(code(&run_with(b"hi\n", &arguments)), 0);
}

/// A port that was just given back may be another test's by now; this one is nobody's.
#[test]
fn a_closed_port_is_unreachable() {
    let output = run(&["connect", "ws://127.0.0.1:1/"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
}

/// RFC 6455 §3: a URL that cannot be used is a mistake on the command line.
#[test]
fn an_unusable_url_is_a_usage_error() {
    for url in ["nonsense", "ftp://h/", "ws://h/#fragment", "ws://"] {
        assert_eq!(code(&run(&["connect", url])), 2, "{url}");
    }
}

/// A peer that accepts and says nothing costs no more than `--timeout`.
#[test]
fn silence_during_the_handshake_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    let output = run(&["connect", "--timeout", "50ms", &url]);
    assert_eq!(code(&output), 7, "{}", stderr(&output));
}

/// `--once` waits for a message; who limits that and gets none hears it by the exit code.
#[test]
fn once_without_a_message_times_out() {
    let served = Served::start(&[]);
    let output = run(&["connect", "--once", "--wait", "0s", &served.echo]);
    assert_eq!(code(&output), 7, "{}", stderr(&output));
}

/// A server of HTTP that accepts any key, answers with `frames` and reads until the end.
fn stub(frames: &'static [u8], ending: Ending) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let key = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("sec-websocket-key").then(|| value.trim().to_owned())
        });
        let mut answer = switching(&key.unwrap()).into_bytes();
        answer.extend(frames);
        stream.write_all(&answer).unwrap();
        if ending == Ending::WhenThePeerLeaves {
            // However the peer leaves, it has left.
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    url
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    AtOnce,
    WhenThePeerLeaves,
}

/// RFC 6455 §4.2.2.
fn switching(key: &str) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
    let hash = digest(
        &SHA1_FOR_LEGACY_USE_ONLY,
        format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11").as_bytes(),
    );
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n\r\n",
        BASE64_STANDARD.encode(hash)
    )
}

/// RFC 6455 §5.1: a masked frame from a server is an error that names its rule.
#[test]
fn a_broken_rule_is_named_and_has_its_own_exit_code() {
    let url = stub(b"\x81\x81\0\0\0\0a", Ending::WhenThePeerLeaves);
    let output = run(&["connect", "--wait", "forever", &url]);
    assert_eq!(code(&output), 6, "{}", stderr(&output));
    assert!(stderr(&output).contains("masked frame to a client (RFC 6455 §5.1)"));
}

/// RFC 6455 §7.1.5: an end without a Close is 1006.
#[test]
fn an_end_without_a_close_is_abnormal() {
    let url = stub(b"\x81\x02hi", Ending::AtOnce);
    let output = run(&["connect", "--wait", "forever", &url]);
    assert_eq!((code(&output), stdout(&output)), (8, "hi\n"), "{}", stderr(&output));
    assert!(stderr(&output).starts_with("closed 1006"), "{}", stderr(&output));
}

/// RFC 6455 §5.5.1: a reason is a stranger's text, and stderr a terminal or a log. checklist 147
#[test]
fn a_hostile_close_reason_is_shown_not_obeyed() {
    let url = stub(b"\x88\x0a\x03\xe8\x1b[2Ja\nb\x07", Ending::WhenThePeerLeaves);
    let output = run(&["connect", "--wait", "forever", &url]);
    assert_eq!(code(&output), 0);
    assert_eq!(stderr(&output), "closed 1000 \"\\u{1b}[2Ja\\nb\\u{7}\" by the peer\n");
}

/// RFC 6455 §5.5.2: pings are shown to whoever asks for them.
#[test]
fn control_frames_are_shown_on_demand() {
    let frames = b"\x89\x02hi\x8a\x00\x88\x02\x03\xe8";
    let shown = run(&[
        "connect",
        "-w",
        "forever",
        "--show-control",
        &stub(frames, Ending::WhenThePeerLeaves),
    ]);
    assert_eq!(stderr(&shown), "ping \"hi\"\npong (empty)\nclosed 1000 by the peer\n");
    let hidden = run(&["connect", "-w", "forever", &stub(frames, Ending::WhenThePeerLeaves)]);
    assert_eq!(stderr(&hidden), "closed 1000 by the peer\n");
}

/// `--ping` tells round-trip times; as JSON they are on stdout.
#[test]
fn pings_are_timed() {
    let served = Served::start(&[]);
    let mut client = Running::start(&["connect", "--json", "--ping=1ms", &served.echo]);
    assert!(client.line().contains("\"open\""));
    assert!(client.line().starts_with(r#"{"event":"round-trip","ms":"#));
}

/// `-v` shows what was asked and answered.
#[test]
fn verbose_shows_the_handshake() {
    let served = Served::start(&[]);
    let output = run(&["connect", "-v", "-w0s", "-H", "X-Colour: red", &served.echo]);
    let errors = stderr(&output);
    for part in [
        "> GET /echo HTTP/1.1",
        "> x-colour: red",
        "< HTTP/1.1 101 Switching Protocols",
        "connected to",
    ] {
        assert!(errors.contains(part), "{part} in {errors}");
    }
}

/// A message is text (RFC 6455 §5.6); what is not is refused with its line.
#[test]
fn input_that_is_not_text_is_refused() {
    let served = Served::start(&[]);
    let output = run_with(b"fine\n\xff\n", &["connect", &served.echo]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("line 2"), "{}", stderr(&output));
}

/// SIGINT closes in order and is told as the shell expects it.
#[cfg(unix)]
#[test]
fn an_interrupt_closes_in_order() {
    let served = Served::start(&[]);
    let mut client = Running::start(&["connect", &served.echo]);
    client.write("ready\n");
    assert_eq!(client.line(), "ready");
    client.signal("INT");
    assert_eq!(client.wait(), (130, "closed 1001 by this end\n".to_owned()));
}
