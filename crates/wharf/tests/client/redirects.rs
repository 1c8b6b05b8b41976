//! Redirects, followed on request.

use crate::{
    network::{Call, switchboard},
    peer::{Head, answer_on},
};
use http::{HeaderMap, HeaderValue, header};
use std::{convert::Infallible, time::Duration};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{Instant, sleep},
};
use wharf::{Client, ClientBuilder, ConnectError, RedirectError, Stage, WebSocket};

/// A client that follows, with the calls that it makes.
fn following(limit: u8) -> (ClientBuilder, UnboundedReceiver<Call>) {
    let (dialer, calls) = switchboard();
    (Client::builder().follow_redirects(limit).dialer(dialer), calls)
}

fn redirect(location: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
}

/// Answers each call in turn: with a redirect to where `route` says, or with a 101. Gives all that was asked.
async fn serve(
    mut calls: UnboundedReceiver<Call>,
    route: impl Fn(&str) -> Option<String>,
) -> Vec<(String, Head)> {
    let mut seen = Vec::new();
    while let Some((whom, io)) = calls.recv().await {
        let answer = |head: &Head| match route(&format!("{whom} {}", path(head))) {
            Some(location) => redirect(&location).into(),
            None => head.switch(&[]).into(),
        };
        let head = answer_on(io, answer).await;
        seen.push((whom, head));
    }
    seen
}

fn path(head: &Head) -> &str {
    head.text().split(' ').nth(1).unwrap()
}

async fn led(
    (client, calls): (ClientBuilder, UnboundedReceiver<Call>),
    url: &str,
    route: impl Fn(&str) -> Option<String>,
) -> (Result<(), ConnectError>, Vec<(String, Head)>) {
    let connecting = async move { client.build().connect(url).await.map(drop::<WebSocket>) };
    tokio::join!(connecting, serve(calls, route))
}

fn secrets(
    (client, calls): (ClientBuilder, UnboundedReceiver<Call>),
) -> (ClientBuilder, UnboundedReceiver<Call>) {
    let client = client
        .header("authorization", "hush")
        .and_then(|client| client.header("x-tag", "kept"))
        .and_then(|client| client.cookie("sid", "1"))
        .unwrap()
        .headers_per_attempt(|_| async {
            let fresh =
                [(header::HeaderName::from_static("x-token"), HeaderValue::from_static("t"))];
            Ok::<HeaderMap, Infallible>(fresh.into_iter().collect())
        });
    (client, calls)
}

/// Checklist 13, 21.
#[tokio::test]
async fn a_redirect_is_followed_with_a_key_of_its_own() {
    let route = |asked: &str| (asked == "h 80 /a").then(|| "/b?c".to_owned());
    let (outcome, seen) = led(secrets(following(1)), "ws://h/a", route).await;
    outcome.unwrap();
    let [(_, first), (_, second)] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(path(second), "/b?c");
    assert_ne!(first.key(), second.key());
    for head in [first, second] {
        assert_eq!(head.values("authorization"), ["hush"]);
        assert_eq!((head.values("cookie"), head.values("x-token")), (vec!["sid=1"], vec!["t"]));
    }
}

/// Checklist 21.
#[tokio::test]
async fn secrets_stay_with_the_origin_that_was_named() {
    for elsewhere in ["ws://other/", "ws://h:81/", "http://a.h/"] {
        let route = |asked: &str| (asked == "h 80 /").then(|| elsewhere.to_owned());
        let (outcome, seen) = led(secrets(following(5)), "ws://user:pass@h/", route).await;
        outcome.unwrap();
        assert_eq!(seen[0].1.values("authorization").len(), 1);
        let stranger = &seen[1].1;
        assert_eq!(stranger.values("x-tag"), ["kept"]);
        for name in ["authorization", "cookie", "x-token"] {
            assert!(stranger.values(name).is_empty(), "{elsewhere}: {stranger:?}");
        }
    }
}

/// Checklist 21: somebody else has sent us back, so it is no longer our own request.
#[tokio::test]
async fn secrets_do_not_come_back_with_the_origin() {
    let route = |asked: &str| match asked {
        "h 80 /" => Some("ws://other/".to_owned()),
        "other 80 /" => Some("ws://h/back".to_owned()),
        _ => None,
    };
    let (outcome, seen) = led(secrets(following(5)), "ws://h/", route).await;
    outcome.unwrap();
    assert_eq!(seen[2].0, "h 80");
    assert!(seen[2].1.values("authorization").is_empty());
}

fn why(outcome: Result<(), ConnectError>) -> RedirectError {
    let error = outcome.unwrap_err();
    assert_eq!(error.stage(), Stage::Upgrade);
    error.redirect_error().cloned().unwrap_or_else(|| panic!("{error}"))
}

#[tokio::test]
async fn circles_and_endless_chains_are_told_from_each_other() {
    let circle = |asked: &str| Some(if asked.ends_with("/a") { "/b" } else { "/a" }.to_owned());
    let (outcome, seen) = led(following(20), "ws://h/a", circle).await;
    assert_eq!(why(outcome), RedirectError::Loop("ws://h/a".into()));
    assert_eq!(seen.len(), 2);

    let (outcome, seen) =
        led(following(3), "ws://h/", |asked| Some(format!("{}x", asked.split(' ').next_back()?)))
            .await;
    assert_eq!(why(outcome), RedirectError::TooMany(3));
    assert_eq!(seen.len(), 4);
}

#[tokio::test]
async fn a_redirect_that_leads_nowhere_is_an_error_of_its_own() {
    for (location, expected) in [
        (
            "ftp://h/",
            "its Location cannot be used: its scheme is \"ftp\"; use ws or wss (RFC 6455 §3)",
        ),
        ("ws://u:p@other/", "its Location has a user name or a password (RFC 9110 §4.2.4)"),
    ] {
        let (outcome, _) = led(following(5), "ws://h/", |_| Some(location.to_owned())).await;
        assert_eq!(why(outcome).to_string(), expected);
    }
}

/// The body of a redirect that is followed is not waited for.
#[tokio::test(start_paused = true)]
async fn an_endless_body_does_not_hold_a_redirect_up() {
    let (client, mut calls) = following(1);
    let server = async {
        let (_, io) = calls.recv().await.unwrap();
        let endless = "HTTP/1.1 301 Gone\r\nLocation: /b\r\nContent-Length: 99\r\n\r\nx";
        answer_on(io, |_| endless.into()).await;
        let (_, io) = calls.recv().await.unwrap();
        answer_on(io, |head| head.switch(&[]).into()).await;
    };
    let start = Instant::now();
    let client = async { client.build().connect("ws://h/a").await.map(drop) };
    tokio::join!(client, server).0.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
}

/// Checklist 10.
#[tokio::test(start_paused = true)]
async fn all_hops_have_one_deadline() {
    let (client, mut calls) = following(200);
    let server = async {
        let mut hops = 0;
        while let Some((_, io)) = calls.recv().await {
            sleep(Duration::from_secs(3)).await;
            hops += 1;
            answer_on(io, |_| redirect(&format!("ws://h{hops}/")).into()).await;
        }
        hops
    };
    let start = Instant::now();
    let client =
        async move { (client.build().connect("ws://h/").await.unwrap_err(), start.elapsed()) };
    let ((error, elapsed), _) = tokio::join!(client, server);
    assert_eq!(error.to_string(), "timed out after 10s during the opening handshake with h3:80");
    assert_eq!(elapsed, Duration::from_secs(10));
}
