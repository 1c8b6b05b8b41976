//! Resolvers, dialers, credentials, cookies and headers of the caller's own.

use crate::{
    network::{Hanging, Names, switchboard},
    peer::{Head, answer_on, answering, read_head},
};
use http::{HeaderMap, HeaderValue, header};
use std::{
    error::Error,
    future::pending,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::TcpListener,
    time::{Instant, timeout},
};
use wharf::{Client, ClientBuilder, Stage, TcpOptions, UrlError};

async fn asked(client: &Client, url: &str) -> Head {
    let (io, server) = answering(|head| head.switch(&[]).into());
    client.connect_over(io, url).await.expect("the server agrees");
    server.await.unwrap()
}

#[tokio::test]
async fn a_resolver_of_ones_own_is_asked_for_names_and_not_for_addresses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let names = Names::default().with("nowhere.example", &[address]);
    let client = Client::builder().resolver(names.clone()).build();
    for url in ["ws://nowhere.example:7/".to_owned(), format!("ws://{address}/")] {
        let server = async {
            let (io, _) = listener.accept().await.unwrap();
            answer_on(io, |head| head.switch(&[]).into()).await
        };
        let connecting = async { client.connect(&url).await.map(drop) };
        tokio::join!(connecting, server).0.unwrap();
    }
    assert_eq!(names.asked(), ["nowhere.example 7"]);
}

/// Checklist 9, 10: and what waited for the resolver is gone when the deadline strikes.
#[tokio::test(start_paused = true)]
async fn a_resolver_that_hangs_is_named_by_the_deadline_and_dropped() {
    let held = Arc::new(());
    let client = Client::builder().resolver(Hanging(Arc::clone(&held))).build();
    let start = Instant::now();
    let error = client.connect("ws://h/").await.unwrap_err();
    assert_eq!((error.stage(), error.is_timeout()), (Stage::Resolve, true));
    assert_eq!(error.to_string(), "timed out after 10s during the name resolution of h:80");
    assert_eq!(start.elapsed(), Duration::from_secs(10));
    drop(client);
    assert_eq!(Arc::strong_count(&held), 1);
}

/// Cancel safety of `Connecting`: a lookup is given up at once.
#[tokio::test(start_paused = true)]
async fn a_dropped_attempt_drops_its_lookup() {
    let held = Arc::new(());
    let client = Client::builder().resolver(Hanging(Arc::clone(&held))).build();
    let attempt = client.connect("ws://h/");
    assert!(timeout(Duration::from_secs(1), attempt).await.is_err());
    drop(client);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[tokio::test]
async fn a_name_that_has_no_address_fails_at_the_connection() {
    let client = Client::builder().resolver(Names::default().with("h", &[])).build();
    let error = client.connect("ws://h/").await.unwrap_err();
    assert_eq!(error.stage(), Stage::Connect);
    assert!(error.source().unwrap().to_string().contains("no address"));
}

#[tokio::test]
async fn a_dialer_gets_host_and_port_and_its_stream_is_spoken_over() {
    let (dialer, mut calls) = switchboard();
    let client = Client::builder().dialer(dialer).build();
    for (url, dialled) in [
        ("ws://h.example/", "h.example 80"),
        ("ws://[::1]:81/", "::1 81"),
        ("ws://1.2.3.4", "1.2.3.4 80"),
    ] {
        let server = async {
            let (whom, io) = calls.recv().await.unwrap();
            answer_on(io, |head| head.switch(&[]).into()).await;
            whom
        };
        let connecting = async { client.connect(url).await.map(drop) };
        let (opened, whom) = tokio::join!(connecting, server);
        opened.unwrap();
        assert_eq!(whom, dialled);
    }
}

#[tokio::test]
async fn a_dialer_that_fails_fails_the_connection() {
    let (dialer, calls) = switchboard();
    drop(calls);
    let error = Client::builder().dialer(dialer).build().connect("ws://h/").await.unwrap_err();
    assert_eq!(
        (error.stage(), error.to_string().as_str()),
        (Stage::Connect, "connection to h:80 failed")
    );
}

#[tokio::test]
async fn tcp_options_hold_for_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    let tcp = TcpOptions::new().local_address("::1".parse().unwrap());
    let error = Client::builder().tcp(tcp).build().connect(&url).await.unwrap_err();
    assert_eq!(error.stage(), Stage::Connect);
    assert!(error.source().unwrap().to_string().contains("::1"));
}

/// RFC 7617 §2.
#[tokio::test]
async fn user_information_of_the_url_becomes_basic_credentials() {
    let head = asked(&Client::default(), "ws://Aladdin:open%20sesame@h/a").await;
    assert_eq!(head.values("authorization"), ["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
    assert_eq!(head.values("host"), ["h"]);
    assert!(head.text().starts_with("GET /a HTTP/1.1\r\n"));
    let error = Client::default().connect("ws://a%3Ab:c@h/").await.unwrap_err();
    assert_eq!(error.url_error(), Some(&UrlError::UserInfo));
}

/// RFC 6265 §5.4.
#[tokio::test]
async fn cookies_are_sent_in_one_header() {
    let client = Client::builder().cookie("a", "1").and_then(|it| it.cookie("b", "2"));
    assert_eq!(asked(&client.unwrap().build(), "ws://h/").await.values("cookie"), ["a=1; b=2"]);
    assert!(Client::builder().cookie("a", "1; b=2").is_err());
}

fn numbered() -> ClientBuilder {
    let count = AtomicUsize::new(0);
    Client::builder().headers_per_attempt(move |uri| {
        let token = format!("{uri} {}", count.fetch_add(1, Ordering::Relaxed));
        async move {
            let value = HeaderValue::try_from(token)?;
            Ok::<_, http::Error>(
                [(header::AUTHORIZATION, value)].into_iter().collect::<HeaderMap>(),
            )
        }
    })
}

#[tokio::test]
async fn headers_are_made_anew_for_each_attempt() {
    let client = numbered().header("authorization", "stale").unwrap().build();
    for attempt in 0..2 {
        let head = asked(&client, "ws://u:p@h/chat").await;
        assert_eq!(head.values("authorization"), [format!("ws://h/chat {attempt}")]);
    }
}

/// Checklist 9.
#[tokio::test(start_paused = true)]
async fn headers_that_cannot_be_made_fail_before_the_network() {
    let failing = Client::builder()
        .headers_per_attempt(|_| async { Err::<HeaderMap, _>(io::Error::other("no token")) })
        .build();
    let error = failing.connect("ws://h/").await.unwrap_err();
    assert_eq!(error.stage(), Stage::Headers);
    assert_eq!(error.source().unwrap().to_string(), "no token");

    let hanging = Client::builder()
        .headers_per_attempt(|_| pending::<Result<HeaderMap, io::Error>>())
        .build();
    let error = hanging.connect("ws://h/").await.unwrap_err();
    assert_eq!(error.to_string(), "timed out after 10s during the making of the headers for h:80");
}

/// Checklist 17, 8: what no header may be, no hook may make.
#[tokio::test]
async fn headers_that_are_made_are_checked_as_others_are() {
    for name in [header::HOST, header::SEC_WEBSOCKET_KEY, header::PROXY_AUTHORIZATION] {
        let shown = name.clone();
        let client = Client::builder()
            .headers_per_attempt(move |_| {
                let headers = [(name.clone(), HeaderValue::from_static("x"))];
                async { Ok::<HeaderMap, io::Error>(headers.into_iter().collect()) }
            })
            .build();
        let error = client.connect("ws://h/").await.unwrap_err();
        assert_eq!(error.stage(), Stage::Headers);
        assert!(error.to_string().contains(shown.as_str()), "{error}");
    }
    let many =
        || (0..1_001).map(|n| (format!("x-{n}").parse().unwrap(), HeaderValue::from_static("x")));
    let client = Client::builder()
        .headers_per_attempt(move |_| async move { Ok::<HeaderMap, io::Error>(many().collect()) })
        .build();
    assert_eq!(client.connect("ws://h/").await.unwrap_err().stage(), Stage::Headers);
}

/// Cancel safety of `Connecting`.
#[tokio::test(start_paused = true)]
async fn a_dropped_attempt_drops_what_it_dialled() {
    let (dialer, mut calls) = switchboard();
    let client = tokio::spawn(Client::builder().dialer(dialer).build().connect("ws://h/"));
    let (_, mut far) = calls.recv().await.unwrap();
    read_head(&mut far).await;
    client.abort();
    assert_eq!(tokio::io::AsyncReadExt::read(&mut far, &mut [0]).await.unwrap(), 0);
}
