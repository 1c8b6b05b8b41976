//! Looking at a server, and what is made of it.

use crate::run::{Served, code, run, stderr, stdout};
use std::{
    env, fs,
    io::{Read, Write},
    net::TcpListener,
    process, thread,
};

/// Our own server, as it stands, has nothing of medium or more; the file has everything.
#[test]
fn our_own_server_has_nothing_that_matters() {
    let served = Served::start(&[]);
    let file = env::temp_dir().join(format!("wharf-audit-{}.json", process::id()));
    let output = run(&[
        "audit",
        &served.echo,
        "--patience",
        "1s",
        "--bomb",
        "--ping-flood",
        "--cookie",
        "sid=1",
        "--json",
        file.to_str().unwrap(),
    ]);
    assert_eq!((code(&output), stderr(&output)), (0, ""), "{}", stdout(&output));
    assert!(stdout(&output).contains("tls/none (certain): there is no TLS"), "{}", stdout(&output));
    let audit: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(audit["target"], served.echo);
    let ids = audit["observations"].as_array().unwrap().iter().map(|seen| seen["id"].clone());
    let ids: Vec<_> = ids.collect();
    for id in ["origin/null", "origin/suffix-cookie", "frames/unmasked", "flood/bomb"] {
        assert!(ids.contains(&id.into()), "{id}");
    }
}

/// A server that lets any page in, under a certificate that nobody signed.
#[test]
fn an_open_door_is_found() {
    let served = Served::start(&["--tls-self-signed", "--dangerously-allow-any-origin"]);
    let careful = run(&["audit", &served.echo, "--patience", "100ms"]);
    assert_eq!(code(&careful), 4, "{}", stderr(&careful));
    let output =
        run(&["audit", &served.echo, "--patience", "100ms", "--insecure", "--cookie", "sid=1"]);
    assert_eq!(code(&output), 6, "{}", stderr(&output));
    for words in [
        "high    tls/trust (certain)",
        "high    origin/foreign-cookie (certain)",
        "medium  origin/foreign (likely)",
        "low     deflate/secrets (hint)",
        "TLSv1_3",
    ] {
        assert!(stdout(&output).contains(words), "{words}: {}", stdout(&output));
    }
}

/// Who cannot be asked is told by the code.
#[test]
fn whom_nobody_can_ask_is_told_by_the_code() {
    let served = Served::start(&[]);
    let output = run(&["audit", &served.at("/nothing-here")]);
    assert_eq!(code(&output), 5);
    assert!(stderr(&output).contains("404"), "{}", stderr(&output));
    assert_eq!(code(&run(&["audit", "ws://127.0.0.1:1/"])), 3);
    assert_eq!(code(&run(&["audit", "ftp://127.0.0.1/"])), 2);
}

/// Whoever points elsewhere is not followed there: nobody named that host.
#[test]
fn a_redirect_is_told_and_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/", server.local_addr().unwrap());
    let place = format!("ws://{}/", elsewhere.local_addr().unwrap());
    let answer = format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\nConnection: close\r\n\r\n");
    thread::spawn(move || {
        for mut stream in server.incoming().flatten() {
            // A request of ours is shorter, and comes in one write.
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let output = run(&["audit", &url]);
    assert_eq!(code(&output), 5);
    assert!(stderr(&output).contains("follows no redirect"), "{}", stderr(&output));
    assert!(elsewhere.accept().is_err());
}
