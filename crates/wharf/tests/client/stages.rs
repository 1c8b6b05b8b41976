//! Where an attempt fails, and the deadline over all of it.

use crate::peer::read_head;
use std::{error::Error, io, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, duplex},
    net::TcpListener,
    time::{Instant, sleep},
};
use wharf::{Client, ConnectError, Stage};

async fn failure(url: &str) -> ConnectError {
    wharf::connect(url).await.expect_err("no connection")
}

/// RFC 6455 §3; checklist 1, 2, 9.
#[tokio::test]
async fn a_bad_url_fails_before_the_network_is_touched() {
    let (near, mut far) = duplex(64);
    let error = Client::default().connect_over(near, "ws://h/#part").await.unwrap_err();
    assert_eq!(error.stage(), Stage::Url);
    assert_eq!(
        error.to_string(),
        "the URL cannot be used: it has a fragment; write a # in a path as %23 (RFC 6455 §3)"
    );
    assert_eq!(far.read(&mut [0]).await.unwrap(), 0);
    assert_eq!(failure("gopher://h/").await.stage(), Stage::Url);
}

/// Checklist 9. A label of 64 letters is no name of the DNS (RFC 1035 §2.3.4): nobody is asked.
#[tokio::test]
async fn a_name_without_address_fails_at_the_resolver() {
    let host = "a".repeat(64);
    let error = failure(&format!("ws://{host}/")).await;
    assert_eq!(error.stage(), Stage::Resolve);
    assert_eq!(error.to_string(), format!("name resolution of {host}:80 failed"));
}

/// Checklist 9.
#[tokio::test]
async fn a_closed_port_fails_at_the_connection() {
    // A port that was just given back may be another test's by now; this one is nobody's.
    let error = failure("ws://127.0.0.1:1/").await;
    assert_eq!(error.stage(), Stage::Connect);
    assert_eq!(error.to_string(), "connection to 127.0.0.1:1 failed");
    let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    assert_eq!(source.unwrap().kind(), io::ErrorKind::ConnectionRefused);
}

/// A whole connection over TCP.
#[tokio::test]
async fn a_listener_that_agrees_is_connected_to_by_name() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = async {
        let (io, _) = listener.accept().await.unwrap();
        crate::peer::answer_on(io, |head| head.switch(&[]).into()).await
    };
    let client = async { wharf::connect(format!("ws://localhost:{port}")).await.map(drop) };
    let (opened, head) = tokio::join!(client, server);
    opened.unwrap();
    assert_eq!(head.values("host"), [format!("localhost:{port}")]);
}

/// Checklist 10.
#[tokio::test(start_paused = true)]
async fn the_deadline_names_the_stage_it_struck() {
    for (url, message) in [
        ("ws://h/", "timed out after 10s during the opening handshake with h:80"),
        #[cfg(feature = "rustls")]
        ("wss://h/", "timed out after 10s during the TLS handshake with h:443"),
    ] {
        let (near, _far) = duplex(1 << 16);
        let start = Instant::now();
        let error = tls_without_roots().connect_over(near, url).await.unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(error.is_timeout());
        assert_eq!(start.elapsed(), Duration::from_secs(10));
    }
}

/// Without the platform's store, no file is read while the clock stands.
fn tls_without_roots() -> Client {
    let client = Client::builder();
    #[cfg(feature = "rustls")]
    let client = client.tls(wharf::Tls::builder().without_platform_roots().build());
    client.build()
}

/// Checklist 10.
#[tokio::test(start_paused = true)]
async fn a_peer_that_trickles_does_not_move_the_deadline() {
    let (near, mut far) = duplex(1 << 10);
    let client = Client::builder().deadline(Duration::from_secs(3)).build();
    let server = async {
        read_head(&mut far).await;
        let mut answer = far.write_all(b"HTTP/1.1 101 X\r\nA: ").await;
        while answer.is_ok() {
            sleep(Duration::from_secs(1)).await;
            answer = far.write_all(b"a").await;
        }
    };
    let start = Instant::now();
    let attempt = async { (client.connect_over(near, "ws://h/").await.err(), start.elapsed()) };
    let ((error, elapsed), ()) = tokio::join!(attempt, server);
    assert!(error.unwrap().is_timeout());
    assert_eq!(elapsed, Duration::from_secs(3));
}

/// Checklist 10.
#[tokio::test(start_paused = true)]
async fn without_a_deadline_a_slow_server_is_waited_for() {
    let (near, mut far) = duplex(1 << 10);
    let client = Client::builder().deadline(None).build();
    let server = async {
        let head = read_head(&mut far).await;
        sleep(Duration::from_secs(86_400)).await;
        far.write_all(head.switch(&[]).as_bytes()).await.unwrap();
    };
    let (outcome, ()) = tokio::join!(client.connect_over(near, "ws://h/"), server);
    outcome.unwrap();
}

/// Cancel safety of `Connecting`.
#[tokio::test]
async fn a_dropped_attempt_closes_its_stream() {
    let (near, mut far) = duplex(1 << 10);
    let client = tokio::spawn(Client::default().connect_over(near, "ws://h/"));
    read_head(&mut far).await;
    client.abort();
    assert_eq!(far.read(&mut [0]).await.unwrap(), 0);
}

/// A build without TLS says which feature it lacks.
#[cfg(not(feature = "rustls"))]
#[tokio::test]
async fn wss_without_the_feature_names_it() {
    let error = failure("wss://h/").await;
    assert_eq!(error.stage(), Stage::Tls);
    assert!(error.to_string().contains("feature `rustls`"), "{error}");
}

/// Checklist 9.
#[tokio::test]
async fn a_url_that_fits_no_request_is_refused_as_a_url() {
    let error = failure(&format!("ws://h/{}", "a".repeat(70_000))).await;
    assert_eq!(error.url_error(), Some(&wharf::UrlError::Resource));
}
