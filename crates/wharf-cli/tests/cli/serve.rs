//! `wharf serve`.

use crate::run::{Running, Served, code, run, run_with, stderr};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

fn get(served: &Served, request: &str) -> String {
    get_at(served.authority(), request)
}

fn get_at(authority: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The page comes whole, with a policy that lets nothing foreign in.
#[test]
fn the_root_is_a_page() {
    let served = Served::start(&[]);
    let answer = get(&served, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("content-security-policy: default-src 'none'; script-src 'sha256-"));
    assert!(answer.trim_end().ends_with("</html>"));
}

/// RFC 9110 §15.5: other paths are nowhere, and the echo wants an upgrade.
#[test]
fn other_paths_are_answered_with_their_status() {
    let served = Served::start(&[]);
    for (path, status) in [("/nowhere", "404"), ("/echo", "426")] {
        let answer = get(&served, &format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n"));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
}

/// Testers and people leave the path out.
#[test]
fn the_root_echoes_too() {
    let served = Served::start(&["--threads", "2"]);
    let output = run_with(b"hi\n", &["connect", "--once", &served.at("")]);
    assert_eq!((code(&output), output.stdout.as_slice()), (0, b"hi\n".as_slice()));
}

/// A message above the limit is refused with 1009 (RFC 6455 §7.4.1).
#[test]
fn the_limit_on_messages_holds() {
    let served = Served::start(&["--max-message", "1K"]);
    let output = run_with(&[b'x'; 2000], &["connect", "-w", "forever", &served.echo]);
    assert_eq!(code(&output), 9);
    assert!(stderr(&output).starts_with("closed 1009"), "{}", stderr(&output));
}

/// A second server on the same port hears that it is taken.
#[test]
fn a_taken_port_is_a_failure() {
    let served = Served::start(&[]);
    let output = run(&["serve", "--addr", served.authority()]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("cannot listen on"), "{}", stderr(&output));
}

/// RFC 6455 §7.4.1: a server that goes down says 1001, and ends with success when all have left.
#[cfg(unix)]
#[test]
fn a_signal_closes_every_connection_in_order() {
    for signal in ["TERM", "INT"] {
        let served = Served::start(&["--threads", "2"]);
        let mut client = Running::start(&["connect", &served.echo]);
        client.write("ready\n");
        assert_eq!(client.line(), "ready");
        served.process.signal(signal);
        assert_eq!(client.wait(), (0, "closed 1001 by the peer\n".to_owned()));
        let (code, log) = served.process.wait();
        assert_eq!(code, 0, "{log}");
    }
}

/// A client that never closes is cut at the end of `--drain`.
#[cfg(unix)]
#[test]
fn a_client_that_does_not_close_is_cut_when_the_drain_ends() {
    let served = Served::start(&["--drain", "50ms"]);
    let mut stuck = upgraded(&served);
    served.process.signal("TERM");
    let (code, log) = served.process.wait();
    assert_eq!(code, 0, "{log}");
    // The Close frame with 1001, and then the end.
    let mut rest = Vec::new();
    stuck.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, b"\x88\x02\x03\xe9");
}

/// The code is the operator's to choose, and the end is told.
#[cfg(unix)]
#[test]
fn a_restart_is_told_as_one() {
    let served = Served::start(&["--drain-code", "1012", "--drain-rate", "1000"]);
    let mut client = Running::start(&["connect", &served.echo]);
    client.write("ready\n");
    assert_eq!(client.line(), "ready");
    served.process.signal("TERM");
    assert!(client.wait().1.starts_with("closed 1012"));
    let (code, log) = served.process.wait();
    assert_eq!(code, 0, "{log}");
    assert!(log.ends_with("stopped: 1 closed in order, 0 not, 0 cut\n"), "{log}");
}

/// RFC 9110 §15.6.4: newcomers are told 503 and when to come back, as long as somebody is here.
#[cfg(unix)]
#[test]
fn newcomers_may_be_refused_while_the_server_stops() {
    let served = Served::start(&["--drain", "1h", "--drain-refuse"]);
    let mut stuck = upgraded(&served);
    served.process.signal("TERM");
    let mut farewell = [0; 4];
    stuck.read_exact(&mut farewell).unwrap();
    let request = "GET /echo HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                   Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    let answer = get(&served, request);
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("\r\nretry-after: 3"), "an hour and some seconds: {answer}");
    served.process.signal("INT");
    let (code, log) = served.process.wait();
    assert_eq!(code, 130, "{log}");
    assert!(log.contains("stopping: 1 open, 0 closed; a second signal cuts"), "{log}");
}

/// A connection that is old enough is closed in order.
#[test]
fn a_lifetime_ends_with_1001() {
    let served = Served::start(&["--max-lifetime", "50ms"]);
    let output = run_with(b"", &["connect", "-w", "forever", &served.echo]);
    assert!(stderr(&output).starts_with("closed 1001"), "{}", stderr(&output));
}

/// A second signal does not wait for the drain.
#[cfg(unix)]
#[test]
fn a_second_signal_ends_at_once() {
    let served = Served::start(&["--drain", "1h"]);
    let mut stuck = upgraded(&served);
    served.process.signal("TERM");
    let mut farewell = [0; 4];
    stuck.read_exact(&mut farewell).unwrap();
    served.process.signal("INT");
    let (code, log) = served.process.wait();
    assert_eq!(code, 130, "{log}");
}

/// A client by hand, that has its upgrade and then does nothing.
#[cfg(unix)]
fn upgraded(served: &Served) -> TcpStream {
    let mut stream = TcpStream::connect(served.authority()).unwrap();
    let request = "GET /echo HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                   Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    assert!(head.starts_with(b"HTTP/1.1 101"));
    stream
}

/// Mistakes on the command line are found before anything is opened.
#[test]
fn impossible_settings_are_usage_errors() {
    for arguments in [
        ["serve", "--origin", "*"],
        ["serve", "--deflate", "window=8"],
        ["serve", "--max-message", "16X"],
        ["serve", "--subprotocol", "two words"],
        ["serve", "--threads", "0"],
        ["serve", "--metrics", "9090"],
        ["serve", "--log", "a=b=c"],
    ] {
        assert_eq!(code(&run(&arguments)), 2, "{arguments:?}");
    }
}

/// What was counted can be read where it was asked for, and not where the echo is.
#[test]
fn metrics_are_served_on_an_address_of_their_own() {
    let mut served = Served::start(&["--metrics", "127.0.0.1:0"]);
    let line = served.process.line();
    let authority = line.strip_prefix("stats http://").and_then(|at| at.strip_suffix("/metrics"));
    let authority = authority.unwrap_or_else(|| panic!("{line}"));
    let output = run_with(b"hi\n", &["connect", "--once", &served.echo]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    // The connection is over for the client before the server has told so.
    let start = Instant::now();
    let seen = std::iter::repeat_with(|| get_at(authority, "GET /metrics HTTP/1.1\r\n\r\n"))
        .take_while(|_| start.elapsed() < Duration::from_secs(120))
        .find(|seen| seen.contains("wharf_messages_total"))
        .expect("it is told at its end");
    assert!(seen.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4"));
    for series in [
        "wharf_messages_total{role=\"server\",direction=\"received\"} 1",
        "wharf_handshakes_total{role=\"server\",outcome=\"accepted\",reason=\"none\"} 1",
        "# TYPE wharf_connection_duration_seconds histogram",
        "# HELP wharf_connections Open WebSockets.",
    ] {
        assert!(seen.contains(series), "{seen}");
    }
    assert_prometheus_text(seen.split_once("\r\n\r\n").unwrap().1);
    for (request, status) in [
        ("POST /metrics HTTP/1.1\r\n\r\n", "405"),
        ("GET / HTTP/1.1\r\n\r\n", "404"),
        ("nonsense\r\n\r\n", "400"),
    ] {
        let answer = get_at(authority, request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
    assert!(get(&served, "GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n").contains(" 404 "));
}

/// The grammar of the text format 0.0.4, as far as we use it.
fn assert_prometheus_text(text: &str) {
    let name = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# HELP ")) {
        let words: Vec<_> = line.split(' ').collect();
        match words[..] {
            ["#", "TYPE", metric, "counter" | "gauge" | "histogram"] => assert!(name(metric)),
            [series, value] => {
                let (metric, labels) = series.split_once('{').unwrap();
                let labels = labels.strip_suffix("\"}").unwrap().split("\",");
                let labels = labels.map(|label| label.split_once("=\"").unwrap().0);
                assert!(name(metric) && labels.into_iter().all(name), "{line}");
                assert!(value.parse::<f64>().is_ok(), "{line}");
            }
            _ => panic!("{line}"),
        }
    }
}

/// A port that is taken is a failure before anything is served.
#[test]
fn metrics_want_a_free_port() {
    let served = Served::start(&[]);
    let output = run(&["serve", "--addr", "127.0.0.1:0", "--metrics", served.authority()]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("cannot serve metrics on"), "{}", stderr(&output));
}

/// Nobody reads what is logged of each connection: all are served, and what was dropped is told when somebody does.
#[test]
fn a_log_that_nobody_reads_keeps_nobody_waiting() {
    let mut served = Served::start(&[]);
    // Twice a thousand lines are more than a pipe holds.
    let storm = run(&["bench", "-q", "--connect", "-c", "4", "-n", "1000", &served.echo]);
    assert_eq!(code(&storm), 0, "{}", stderr(&storm));
    assert!(served.process.note().contains(" open"));
    let output = run_with(b"hi\n", &["connect", "--once", &served.echo]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    while !served.process.note().ends_with("lines were dropped: nobody read them") {}
}

/// A limit on messages in a second closes with 1008, if that is asked for (RFC 6455 §7.4.1).
#[test]
fn the_limit_on_messages_in_a_second_holds() {
    let served = Served::start(&["--messages-per-second", "2", "--over-rate", "close"]);
    // So many that no machine is too slow to send more than two in a second of them.
    let lines = "again\n".repeat(200);
    let output = run_with(lines.as_bytes(), &["connect", "-w", "forever", &served.echo]);
    assert!(stderr(&output).starts_with("closed 1008"), "{}", stderr(&output));
}

/// Checklist 142.
#[test]
fn the_limit_on_connections_of_an_address_holds() {
    let limits = ["--max-connections-per-address", "1", "--trusted-proxy", "127.0.0.0/8"];
    let served = Served::start(&[&limits[..], &["--forwarded", "x-forwarded-for"]].concat());
    let as_client = |address: &str| {
        let header = format!("X-Forwarded-For: {address}");
        run_with(b"hi\n", &["connect", "--once", "-H", &header, &served.echo])
    };
    let mut first = Running::start(&[
        "connect",
        "-w",
        "forever",
        "-H",
        "X-Forwarded-For: 192.0.2.1",
        &served.echo,
    ]);
    first.write("hello\n");
    assert_eq!(first.line(), "hello");
    assert_eq!(code(&as_client("192.0.2.2")), 0);
    let refused = as_client("198.51.100.9, 192.0.2.1");
    assert!(stderr(&refused).contains("429"), "{}", stderr(&refused));
    let nonsense = as_client("nonsense");
    assert!(stderr(&nonsense).contains("400"), "{}", stderr(&nonsense));
}

/// Networks are read strictly, and one that nothing is believed from is a mistake.
#[test]
fn a_network_that_cannot_be_meant_is_a_mistake() {
    for (flags, says) in [
        (["--trusted-proxy", "10.0.0.1/8", "--proxy-protocol"], "the network is 10.0.0.0"),
        (["--trusted-proxy", "10.0.0.0/8", "--tls-self-signed"], "--forwarded or --proxy-protocol"),
    ] {
        let output = run(&[&["serve"], &flags[..]].concat());
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
    }
}
