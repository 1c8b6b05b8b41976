//! Proxies: what they are asked, who is told the credentials, and every bad answer.

use crate::{
    network::{Call, Hanging, Names, switchboard},
    peer::{Head, answer_on, read_head},
};
use std::{future::Future, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    sync::mpsc::UnboundedReceiver,
    time::{Instant, sleep},
};
use wharf::{Client, ClientBuilder, ConnectError, Proxy, ProxyError, SocksReply, Stage};

/// A client with this proxy, and the calls that it makes.
fn behind(proxy: &str) -> (ClientBuilder, UnboundedReceiver<Call>) {
    let (dialer, calls) = switchboard();
    (Client::builder().proxy(Proxy::new(proxy).unwrap()).dialer(dialer), calls)
}

/// What comes of a connection to `url` through a proxy that does so with its one call.
async fn through<F, T>(
    proxy: &str,
    url: &str,
    play: impl FnOnce(DuplexStream) -> F,
) -> (Result<(), ConnectError>, T)
where
    F: Future<Output = T>,
{
    let (client, mut calls) = behind(proxy);
    let connecting = async move { client.build().connect(url).await.map(drop) };
    let playing = async {
        let (whom, io) = calls.recv().await.unwrap();
        assert!(whom.starts_with("p "), "{whom}");
        play(io).await
    };
    tokio::join!(connecting, playing)
}

/// The error of a CONNECT that is answered so.
async fn connect_answered(answer: impl Into<Vec<u8>>) -> ConnectError {
    let answer = answer.into();
    let (outcome, _) = through("http://p", "ws://h/", |io| answer_on(io, |_| answer)).await;
    let error = outcome.unwrap_err();
    assert!(error.is_with_proxy() && !error.is_refused(), "{error}");
    assert_eq!(error.stage(), Stage::Proxy);
    error
}

/// Plays an HTTP proxy that agrees, and then the server behind it.
async fn http_proxy(mut io: DuplexStream) -> (Head, Head) {
    let asked = read_head(&mut io).await;
    io.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
    let head = answer_on(io, |head| head.switch(&[]).into()).await;
    (asked, head)
}

/// RFC 9110 §9.3.6; checklist 8.
#[tokio::test]
async fn an_http_proxy_is_asked_for_a_tunnel_and_told_the_credentials_alone() {
    let (outcome, (asked, head)) =
        through("http://Aladdin:open%20sesame@p:3128", "ws://u:p@h/chat", http_proxy).await;
    outcome.unwrap();
    assert!(asked.text().starts_with("CONNECT h:80 HTTP/1.1\r\n"), "{asked:?}");
    assert_eq!(asked.values("host"), ["h:80"]);
    assert_eq!(asked.values("proxy-authorization"), ["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
    assert!(asked.values("authorization").is_empty());
    assert!(head.text().starts_with("GET /chat HTTP/1.1\r\n"), "{head:?}");
    assert!(head.values("proxy-authorization").is_empty());
    assert_eq!(head.values("authorization"), ["Basic dTpw"]);
}

/// RFC 9110 §9.3.6: any 2xx agrees, and the length that it announces means nothing.
#[tokio::test]
async fn a_proxy_may_agree_with_any_2xx_after_interim_answers() {
    let play = async |mut io: DuplexStream| {
        read_head(&mut io).await;
        let consent =
            b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.0 204 Fine\r\nContent-Length: 9\r\n\r\n";
        io.write_all(consent).await.unwrap();
        answer_on(io, |head| head.switch(&[]).into()).await;
    };
    through("p:3128", "ws://[::1]:9/", play).await.0.unwrap();
}

/// Checklist 8: hosts of the list go without the proxy.
#[tokio::test]
async fn excepted_hosts_are_connected_to_directly() {
    let (dialer, mut calls) = switchboard();
    let proxy = Proxy::new("p:1").unwrap().except(".internal, 10.0.0.0/8");
    let client = Client::builder().proxy(proxy).dialer(dialer).build();
    for (url, dialled) in [
        ("ws://a.internal/", "a.internal 80"),
        ("ws://10.1.1.1", "10.1.1.1 80"),
        ("ws://h/", "p 1"),
    ] {
        let connecting = tokio::spawn(client.connect(url));
        assert_eq!(calls.recv().await.unwrap().0, dialled);
        connecting.abort();
    }
}

/// Checklist 8, 20: also 508, which a proxy in a circle answers, and a redirect, which nobody follows.
#[tokio::test]
async fn a_proxy_that_refuses_is_told_with_status_headers_and_body() {
    for (status, body) in
        [("407 Login", "who?"), ("403 No", ""), ("508 Loop", "me"), ("302 Found", "x")]
    {
        let length = body.len();
        let error = connect_answered(format!(
            "HTTP/1.1 {status}\r\nLocation: ws://evil/\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
        .await;
        let Some(ProxyError::Refused(response)) = error.proxy_error() else { panic!("{error}") };
        assert_eq!(response.status().as_str(), &status[..3]);
        assert_eq!(response.headers()["location"], "ws://evil/");
        assert_eq!(response.body(), body);
        assert!(error.response().is_none(), "it is not the server's");
        assert!(
            error.to_string().starts_with("request for a tunnel to proxy p:80 failed: it answered")
        );
    }
}

/// Checklist 28: huge and endless bodies.
#[tokio::test(start_paused = true)]
async fn the_body_of_a_proxys_refusal_is_cut_in_length_and_time() {
    let huge = [b"HTTP/1.1 502 Bad\r\n\r\n".as_slice(), &[b'x'; 100_000]].concat();
    let error = connect_answered(huge).await;
    let Some(ProxyError::Refused(response)) = error.proxy_error() else { panic!("{error}") };
    assert_eq!(response.body().len(), 64 << 10);

    let start = Instant::now();
    let error = connect_answered("HTTP/1.1 502 Bad\r\nContent-Length: 9\r\n\r\nhalf").await;
    let Some(ProxyError::Refused(response)) = error.proxy_error() else { panic!("{error}") };
    assert_eq!(response.body(), "half");
    assert_eq!(start.elapsed(), Duration::from_secs(2));
}

/// Checklist 10, 28: a body that goes on and on is not waited for as long as it comes, and its stream is closed.
#[tokio::test(start_paused = true)]
async fn the_body_of_a_proxys_refusal_may_not_trickle_for_ever() {
    let trickle = async |mut io: DuplexStream| {
        read_head(&mut io).await;
        let mut written = io.write_all(b"HTTP/1.1 403 No\r\n\r\n").await;
        while written.is_ok() {
            sleep(Duration::from_millis(300)).await;
            written = io.write_all(b"x").await;
        }
    };
    let start = Instant::now();
    let (outcome, ()) = through("http://p", "ws://h/", trickle).await;
    let error = outcome.unwrap_err();
    let Some(ProxyError::Refused(response)) = error.proxy_error() else { panic!("{error}") };
    assert_eq!((error.stage(), response.body().len()), (Stage::Proxy, 6));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

/// Checklist 28, 30.
#[tokio::test]
async fn what_is_no_answer_of_http_is_the_proxys_fault() {
    let lines = "A: b\r\n".repeat(200);
    for answer in [
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 200 OK\nA: b\n\n",
        &format!("HTTP/1.1 200 X\r\n{lines}"),
    ] {
        let error = connect_answered(answer).await;
        assert!(matches!(error.proxy_error(), Some(ProxyError::Head(_))), "{error}");
    }
}

/// Nobody behind a proxy may speak before he is asked, so this is no answer of the server's.
#[tokio::test]
async fn bytes_behind_a_consent_are_refused() {
    let forged = "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 101 X\r\n\r\n";
    let error = connect_answered(forged).await;
    assert!(matches!(error.proxy_error(), Some(ProxyError::Premature(18))), "{error}");
}

/// Checklist 9.
#[tokio::test]
async fn a_proxy_that_leaves_is_named() {
    let leave = async |mut io: DuplexStream| drop(read_head(&mut io).await);
    let (outcome, ()) = through("http://p", "ws://h/", leave).await;
    let error = outcome.unwrap_err();
    assert!(matches!(error.proxy_error(), Some(ProxyError::Head(_))), "{error}");
}

/// Checklist 10: silence, interim answers without end, and a proxy that asks itself, in one deadline.
#[tokio::test(start_paused = true)]
async fn a_proxy_that_does_not_come_to_an_end_is_named_by_the_deadline() {
    let silent = async |mut io: DuplexStream| drop(io.read_to_end(&mut Vec::new()).await);
    let interim = async |mut io: DuplexStream| {
        read_head(&mut io).await;
        while io.write_all(b"HTTP/1.1 100 Go on\r\n\r\n").await.is_ok() {
            sleep(Duration::from_millis(500)).await;
        }
    };
    let start = Instant::now();
    let (one, ()) = through("http://p", "ws://h/", silent).await;
    let (two, ()) = through("http://p", "ws://h/", interim).await;
    for outcome in [one, two] {
        let error = outcome.unwrap_err();
        assert!(error.is_with_proxy());
        assert_eq!(
            error.to_string(),
            "timed out after 10s during the request for a tunnel to proxy p:80"
        );
    }
    assert_eq!(start.elapsed().as_secs(), 20);
}

/// Checklist 9.
#[tokio::test(start_paused = true)]
async fn what_happens_on_the_way_to_the_proxy_is_told_apart() {
    let proxy = || Proxy::new("http://p:3128").unwrap();
    let hanging = Client::builder().proxy(proxy()).resolver(Hanging(Arc::new(()))).build();
    let error = hanging.connect("ws://h/").await.unwrap_err();
    assert_eq!(error.to_string(), "timed out after 10s during the name resolution of proxy p:3128");

    let unknown = Client::builder().proxy(proxy()).resolver(Names::default()).build();
    let error = unknown.connect("ws://h/").await.unwrap_err();
    assert_eq!((error.stage(), error.is_with_proxy()), (Stage::Resolve, true));

    let (client, calls) = behind("http://p:3128");
    drop(calls);
    let error = client.build().connect("ws://h/").await.unwrap_err();
    assert_eq!(error.to_string(), "connection to proxy p:3128 failed");
}

/// A server's refusal behind a proxy is the server's.
#[tokio::test]
async fn a_refusal_behind_the_tunnel_is_not_the_proxys() {
    let play = async |mut io: DuplexStream| {
        read_head(&mut io).await;
        io.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        answer_on(io, |_| b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n".to_vec()).await;
    };
    let error = through("http://p", "ws://h/", play).await.0.unwrap_err();
    assert!(error.is_refused() && !error.is_with_proxy(), "{error}");
}

/// A SOCKS5 proxy that reads and writes these bytes in turn, and then hands over to the server.
async fn socks(mut io: DuplexStream, turns: &[(&[u8], &[u8])]) {
    for (expected, answer) in turns {
        let mut asked = vec![0; expected.len()];
        io.read_exact(&mut asked).await.unwrap();
        assert_eq!(&asked, expected);
        io.write_all(answer).await.unwrap();
    }
    // An attempt that failed leaves without a request.
    let mut rest = Vec::new();
    while !rest.ends_with(b"\r\n\r\n") && io.read_buf(&mut rest).await.unwrap() > 0 {}
    if let Ok(text) = String::from_utf8(rest)
        && !text.is_empty()
    {
        io.write_all(Head::from(text).switch(&[]).as_bytes()).await.unwrap();
    }
}

async fn by_socks(proxy: &str, url: &str, turns: &[(&[u8], &[u8])]) -> Result<(), ConnectError> {
    through(proxy, url, |io| socks(io, turns)).await.0
}

const HELLO: (&[u8], &[u8]) = (b"\x05\x01\x00", b"\x05\x00");
const ASK_H: &[u8] = b"\x05\x01\x00\x03\x01h\x00\x50";
const DONE: &[u8] = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00";

/// RFC 1928 §3, §4, §6; checklist 8.
#[tokio::test]
async fn a_socks5h_proxy_resolves_the_name_and_may_answer_with_any_address() {
    let six = [b"\x05\x00\x00\x04".as_slice(), &[0; 18]].concat();
    for done in [DONE, &six, b"\x05\x00\x00\x03\x02ab\x00\x00"] {
        by_socks("socks5h://p", "ws://h/", &[HELLO, (ASK_H, done)]).await.unwrap();
    }
    let four: &[u8] = b"\x05\x01\x00\x01\x01\x02\x03\x04\x00\x51";
    by_socks("socks5h://p", "ws://1.2.3.4:81/", &[HELLO, (four, DONE)]).await.unwrap();
}

/// RFC 1928 §4: the address is found here, and only it is told.
#[tokio::test]
async fn for_a_socks5_proxy_the_name_is_resolved_here() {
    let names = Names::default().with("h", &["9.8.7.6:80".parse().unwrap()]);
    let (client, mut calls) = behind("socks5://p");
    let client = client.resolver(names.clone()).build();
    let turns: [(&[u8], &[u8]); 2] = [HELLO, (b"\x05\x01\x00\x01\x09\x08\x07\x06\x00\x50", DONE)];
    let proxy = async {
        let (_, io) = calls.recv().await.unwrap();
        socks(io, &turns).await;
    };
    let (outcome, ()) = tokio::join!(async { client.connect("ws://h/").await.map(drop) }, proxy);
    outcome.unwrap();
    assert_eq!(names.asked(), ["h 80"]);
    let error = client.connect("ws://unknown/").await.unwrap_err();
    assert_eq!((error.stage(), error.is_with_proxy()), (Stage::Resolve, false));
}

/// RFC 1929 §2; checklist 8.
#[tokio::test]
async fn user_and_password_are_told_if_the_proxy_asks_for_them() {
    let hello: &[u8] = b"\x05\x02\x00\x02";
    let login: &[u8] = b"\x01\x01u\x02p:";
    let asked: [(&[u8], &[u8]); 3] = [(hello, b"\x05\x02"), (login, b"\x01\x00"), (ASK_H, DONE)];
    by_socks("socks5h://u:p%3A@p", "ws://h/", &asked).await.unwrap();
    by_socks("socks5h://u:p%3A@p", "ws://h/", &[(hello, b"\x05\x00"), (ASK_H, DONE)])
        .await
        .unwrap();
    let refused: [(&[u8], &[u8]); 2] = [(hello, b"\x05\x02"), (login, b"\x01\x01")];
    let error = by_socks("socks5h://u:p%3A@p", "ws://h/", &refused).await.unwrap_err();
    assert!(matches!(error.proxy_error(), Some(ProxyError::LoginFailed)), "{error}");
}

/// RFC 1928 §3, §6: every answer that is none.
#[tokio::test]
async fn bad_answers_of_a_socks_proxy_have_names() {
    let after = async |turns: &[(&[u8], &[u8])]| {
        let error = by_socks("socks5h://p", "ws://h/", turns).await.unwrap_err();
        assert_eq!((error.stage(), error.is_with_proxy()), (Stage::Proxy, true), "{error}");
        format!("{:?}", error.proxy_error().unwrap())
    };
    let hello = HELLO.0;
    assert_eq!(after(&[(hello, b"\x05\xff")]).await, "NoAcceptableMethod");
    assert_eq!(after(&[(hello, b"\x05\x02")]).await, "MethodNotOffered(2)");
    assert_eq!(after(&[(hello, b"\x05\x01")]).await, "MethodNotOffered(1)");
    assert_eq!(after(&[(hello, b"\x04\x00")]).await, "NotSocks5(4)");
    assert_eq!(after(&[(hello, b"HTTP/1.1 400 Bad\r\n\r\n")]).await, "NotSocks5(72)");
    assert_eq!(after(&[HELLO, (ASK_H, b"\x04\x00")]).await, "NotSocks5(4)");
    assert_eq!(after(&[HELLO, (ASK_H, b"\x05\x00\x01\x01")]).await, "Malformed(1)");
    assert_eq!(after(&[HELLO, (ASK_H, b"\x05\x00\x00\x02")]).await, "Malformed(2)");
    assert_eq!(after(&[HELLO, (ASK_H, b"\x05\x06")]).await, "SocksRefused(TtlExpired)");
    for code in 1..=9 {
        let error = by_socks("socks5h://p", "ws://h/", &[HELLO, (ASK_H, &[5, code])]).await;
        let error = error.unwrap_err();
        let Some(ProxyError::SocksRefused(reply)) = error.proxy_error() else { panic!("{error}") };
        assert_eq!(*reply == SocksReply::Unknown(9), code == 9);
    }
}

/// RFC 1928: a proxy may leave at every byte of its answers.
#[tokio::test]
async fn a_socks_proxy_that_leaves_early_is_named() {
    let leave = async |after: usize| {
        let play = async |mut io: DuplexStream| {
            io.write_all(&[b"\x05\x00", DONE].concat()[..after]).await.unwrap();
            io.shutdown().await.unwrap();
            let _ = io.read_to_end(&mut Vec::new()).await;
        };
        through("socks5h://p", "ws://h/", play).await.0.unwrap_err()
    };
    for after in 0..2 + DONE.len() {
        let error = leave(after).await;
        assert!(matches!(error.proxy_error(), Some(ProxyError::Ended)), "{after}: {error}");
    }
    // Once the tunnel is there it is the server who left.
    assert!(!leave(2 + DONE.len()).await.is_with_proxy());
}

/// Checklist 10.
#[tokio::test(start_paused = true)]
async fn a_socks_proxy_that_is_silent_is_named_by_the_deadline() {
    let silent = async |mut io: DuplexStream| drop(io.read_to_end(&mut Vec::new()).await);
    let error = through("socks5h://p", "ws://h/", silent).await.0.unwrap_err();
    assert_eq!(
        error.to_string(),
        "timed out after 10s during the request for a tunnel to proxy p:1080"
    );
}

/// Checklist 8: a proxy is asked before any byte for the server, so TLS begins behind it.
#[cfg(feature = "rustls")]
#[tokio::test]
async fn tls_with_the_server_begins_behind_the_tunnel() {
    let play = async |mut io: DuplexStream| {
        let asked = read_head(&mut io).await;
        io.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        (asked, io.read_u8().await.unwrap())
    };
    let (client, mut calls) = behind("p");
    let tls = wharf::Tls::builder().without_platform_roots().build();
    let client = client.tls(tls).build();
    let proxy = async { play(calls.recv().await.unwrap().1).await };
    let (outcome, (asked, first)) = tokio::join!(client.connect("wss://h/"), proxy);
    assert!(asked.text().starts_with("CONNECT h:443 HTTP/1.1\r\n"));
    assert_eq!(first, 22, "a handshake record of TLS (RFC 8446 §5.1)");
    let error = outcome.unwrap_err();
    assert_eq!((error.stage(), error.is_with_proxy()), (Stage::Tls, false));
}

/// Cancel safety of `Connecting`: whatever it waits for from a proxy, it leaves at once.
#[tokio::test]
async fn a_dropped_attempt_leaves_its_proxy() {
    for proxy in ["http://p", "socks5h://p"] {
        let (client, mut calls) = behind(proxy);
        let attempt = tokio::spawn(client.build().connect("ws://h/"));
        let (_, mut io) = calls.recv().await.unwrap();
        io.read_u8().await.unwrap();
        attempt.abort();
        let _ = io.read_to_end(&mut Vec::new()).await.unwrap();
    }
}
