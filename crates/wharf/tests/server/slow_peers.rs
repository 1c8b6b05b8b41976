//! Peers that take their time, in virtual time (checklist 45, checklist 48).

use super::support::{good, pipe, rest, seen};
use std::time::Duration;
use tokio::{
    io::{AsyncWriteExt, duplex},
    time::{Instant, sleep},
};
use wharf::{AcceptError, AcceptStage, Acceptor, Bytes};

const TEN_SECONDS: Duration = Duration::from_secs(10);

/// Checklist 45: a spare connection of a browser expects no answer.
#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_cut_after_ten_seconds() {
    let (mut client, server) = pipe();
    let start = Instant::now();
    let error = Acceptor::default().accept(server).await.unwrap_err();
    assert_eq!(start.elapsed(), TEN_SECONDS);
    assert!(matches!(error, AcceptError::TimedOut(AcceptStage::Request, TEN_SECONDS)), "{error:?}");
    assert_eq!(rest(&mut client).await, "");
}

/// RFC 9110 §15.5.9: checklist 45. A byte each second is progress, and yet not enough.
#[tokio::test(start_paused = true)]
async fn who_trickles_a_request_is_told_so_after_ten_seconds() {
    let (client, server) = pipe();
    let (mut reads, mut writes) = tokio::io::split(client);
    let trickle = async move {
        for byte in good().bytes() {
            if writes.write_all(&[byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_secs(1)).await;
        }
    };
    let start = Instant::now();
    let answer = async {
        let answer = rest(&mut reads).await;
        (answer, start.elapsed())
    };
    let acceptor = Acceptor::default();
    let (outcome, (), (answer, after)) = tokio::join!(acceptor.accept(server), trickle, answer);
    assert!(matches!(outcome, Err(AcceptError::TimedOut(AcceptStage::Request, _))));
    assert_eq!(after, TEN_SECONDS);
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
}

/// Checklist 48.
#[tokio::test(start_paused = true)]
async fn the_deadline_is_the_acceptors() {
    let (_client, server) = pipe();
    let acceptor = Acceptor::builder().handshake_timeout(Duration::from_secs(3)).build();
    let start = Instant::now();
    acceptor.accept(server).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::from_secs(3));
}

/// Checklist 48: writing has its deadline too.
#[tokio::test(start_paused = true)]
async fn who_takes_no_answer_is_cut_after_ten_seconds() {
    let (mut client, server) = duplex(512);
    client.write_all(good().as_bytes()).await.unwrap();
    let request = Acceptor::default().accept(server).await.unwrap();
    let start = Instant::now();
    let error =
        request.refuse(http::Response::new(Bytes::from(vec![b'x'; 4096]))).await.unwrap_err();
    assert_eq!(start.elapsed(), TEN_SECONDS);
    assert!(matches!(error, AcceptError::TimedOut(AcceptStage::Answer, _)), "{error:?}");
}

/// Checklist 48: the application may think for as long as it likes.
#[tokio::test(start_paused = true)]
async fn an_application_that_thinks_long_costs_the_peer_nothing() {
    let (request, _client) = seen(&Acceptor::default(), &good()).await;
    sleep(Duration::from_secs(3600)).await;
    request.accept().await.unwrap();
}

/// Checklist 48.
#[tokio::test]
async fn who_leaves_in_the_middle_of_a_request_is_no_error_of_io() {
    let (mut client, server) = pipe();
    client.write_all(b"GET /chat HTTP/1.1\r\nHost").await.unwrap();
    drop(client);
    let error = Acceptor::default().accept(server).await.unwrap_err();
    assert!(matches!(error, AcceptError::Left(AcceptStage::Request)), "{error:?}");
}
