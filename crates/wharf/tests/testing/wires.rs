//! Faults of every kind, in virtual time.

use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::Instant,
};
use wharf::{
    CloseCode, Config, Message, Role, WebSocket,
    testing::{Cut, Faults, Pair, pair},
};

async fn echo(mut socket: WebSocket) {
    while let Ok(Some(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_pair_talks_and_closes() {
    let (mut client, server) = pair();
    tokio::spawn(echo(server));
    client.send("hello").await.unwrap();
    assert_eq!(client.recv().await.unwrap(), Some(Message::from("hello")));
    assert!(client.close(CloseCode::NORMAL).await.is_clean());
}

#[cfg(feature = "deflate")]
#[tokio::test(start_paused = true)]
async fn a_pair_speaks_what_it_is_told_was_agreed() {
    use wharf::{Agreement, Context, DeflateAgreement, Direction, WindowBits};
    let direction = || Direction { context: Context::Takeover, window: WindowBits::MAX };
    let deflate = DeflateAgreement { client: direction(), server: direction() };
    let mut agreement = Agreement::default();
    agreement.deflate = Some(deflate);
    let (mut client, server, wire) = Pair::new().agreement(agreement).open();
    tokio::spawn(echo(server));
    client.send("again ".repeat(1000)).await.unwrap();
    assert_eq!(client.recv().await.unwrap(), Some("again ".repeat(1000).into()));
    assert!(wire.to_server().bytes() < 200, "{wire:?}");
}

/// Every way of cutting the same bytes gives the same messages.
#[tokio::test(start_paused = true)]
async fn pieces_and_short_writes_change_nothing_but_the_time() {
    for (seed, most) in (0..30).zip([1, 2, 3, 7, 1000].into_iter().cycle()) {
        let faults = Faults::new().pieces(most).short_writes(most).room(most * 2);
        let (mut client, server, _wire) =
            Pair::new().to_client(faults.clone()).to_server(faults).seed(seed).open();
        let serving = tokio::spawn(echo(server));
        for len in [0, 1, 200, 5_000] {
            client.send(vec![7; len]).await.unwrap();
            assert_eq!(client.recv().await.unwrap(), Some(vec![7; len].into()));
        }
        assert!(client.close(CloseCode::NORMAL).await.is_clean());
        serving.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn delay_and_bandwidth_take_virtual_time_only() {
    let second = Duration::from_secs(1);
    let slow = Faults::new().delay(second, second);
    let narrow = Faults::new().bandwidth(1_000);
    let (mut client, server, _wire) = Pair::new().to_client(narrow).to_server(slow).open();
    tokio::spawn(echo(server));
    let start = Instant::now();
    client.send(vec![0; 3_000]).await.unwrap();
    client.recv().await.unwrap();
    // One second there, three seconds and a header back.
    let took = start.elapsed();
    assert!(took > 4 * second && took < 5 * second, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_direction_that_is_lost_is_found_by_keep_alive() {
    let (mut client, server, wire) = Pair::new().open();
    let serving = tokio::spawn(echo(server));
    wire.to_client().cut(Cut::Silence);
    let start = Instant::now();
    let error = client.recv().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(start.elapsed() >= Duration::from_secs(40), "a Ping after 30 s, and 10 s for its Pong");
    serving.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stall_ends_when_it_is_resumed() {
    let (mut client, server, wire) = Pair::new().to_server(Faults::new().room(100)).open();
    tokio::spawn(echo(server));
    wire.to_server().stall();
    client.send("waits").await.unwrap();
    let waiting = tokio::time::timeout(Duration::from_secs(5), client.recv()).await;
    assert!(waiting.is_err());
    assert_eq!(wire.to_server().bytes(), 0);
    wire.to_server().resume();
    assert_eq!(client.recv().await.unwrap(), Some("waits".into()));
}

#[tokio::test(start_paused = true)]
async fn a_stall_that_lasts_is_a_write_stall() {
    let mut config = Config::new(Role::Client);
    config.timeouts.write_stall = Some(Duration::from_secs(3));
    let stalled = Faults::new().cut_after(1_000, Cut::Stall);
    let (mut client, _server, _wire) = Pair::new().client(config).to_server(stalled).open();
    client.send(vec![0; 5_000]).await.unwrap();
    assert!(client.recv().await.unwrap_err().is_timeout());
}

/// A cut at every byte: the messages before it arrive, nothing else does, and the end is told as what it is.
#[tokio::test(start_paused = true)]
async fn a_cut_at_every_byte_is_an_end_or_an_error_and_never_a_message() {
    for cut in [Cut::Eof, Cut::Reset] {
        for at in 0..40 {
            let faults = Faults::new().cut_after(at, cut);
            let (mut client, mut server, wire) = Pair::new().to_server(faults).open();
            let _ = client.send("0123456789").await; // 16 bytes
            let _ = client.send("0123456789").await;
            let _ = client.send("0123456789").await;
            let (count, outcome) = loop_until_end(&mut server).await;
            if cut == Cut::Eof {
                assert_eq!(count, at / 16, "cut at {at}");
                assert!(outcome.is_ok() && server.ending().unwrap().code() == 1006);
            } else {
                assert!(outcome.unwrap_err().is_io() && count <= at / 16, "cut at {at}");
            }
            drop((client, wire));
        }
    }
}

async fn loop_until_end(socket: &mut WebSocket) -> (u64, Result<(), wharf::Error>) {
    let mut count = 0;
    loop {
        match socket.recv().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => return (count, Ok(())),
            Err(error) => return (count, Err(error)),
        }
    }
}

/// What a run with this seed looks like from outside.
async fn run(seed: u64) -> (u64, u64, Duration, bool) {
    let faults = || {
        Faults::new()
            .pieces(50)
            .short_writes(50)
            .delay(Duration::from_millis(1), Duration::from_millis(20))
            .cut_within(6_000, Cut::Reset)
    };
    let (mut client, server, wire) =
        Pair::new().to_client(faults()).to_server(faults()).seed(seed).open();
    let serving = tokio::spawn(echo(server));
    let start = Instant::now();
    let mut failed = false;
    for len in 0..100 {
        failed = client.send(vec![1; len]).await.is_err() || client.recv().await.is_err();
        if failed {
            break;
        }
    }
    let seen = (wire.to_client().bytes(), wire.to_server().bytes(), start.elapsed(), failed);
    drop(client);
    serving.await.unwrap();
    seen
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_run() {
    let mut different = std::collections::BTreeSet::new();
    for seed in 0..10 {
        let first = run(seed).await;
        assert_eq!(first, run(seed).await, "seed {seed}");
        different.insert(first);
    }
    assert!(different.len() > 5, "{different:?}");
}

#[tokio::test(start_paused = true)]
async fn a_full_direction_makes_the_writer_wait() {
    let (mut near, mut far, wire) = Pair::new().to_server(Faults::new().room(10)).ends();
    let writing = tokio::spawn(async move {
        near.write_all(&[1; 100]).await.unwrap();
        near
    });
    tokio::task::yield_now().await;
    assert_eq!(wire.to_server().bytes(), 10);
    let mut bytes = Vec::new();
    (&mut far).take(100).read_to_end(&mut bytes).await.unwrap();
    assert_eq!(bytes, [1; 100]);
    drop(far);
    let error = writing.await.unwrap().write(b"x").await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
}
