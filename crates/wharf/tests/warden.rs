//! Whether those who are connected may stay, in virtual time (checklist 144).

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{DuplexStream, duplex},
    task::JoinHandle,
    time::{Instant, sleep},
};
use wharf::{
    Access, Agreement, Bytes, CloseCode, Config, Ending, OnUnknown, Role, Warden, WebSocket,
};

struct User(&'static str);

fn over(io: DuplexStream, role: Role) -> WebSocket {
    let mut config = Config::new(role);
    // Signs of life would only fill the virtual hours.
    (config.timeouts.idle, config.timeouts.ping_every) = (None, None);
    WebSocket::over(io, role, Agreement::default(), Bytes::new(), config).unwrap()
}

fn pair() -> (WebSocket, WebSocket) {
    let (near, far) = duplex(256);
    (over(near, Role::Server), over(far, Role::Client))
}

fn drive(mut socket: WebSocket) -> JoinHandle<(Ending, Instant)> {
    tokio::spawn(async move { (socket.drive().await, Instant::now()) })
}

/// A connection whose handler reads, watched under this name; the client's view of it.
fn watched(warden: &Warden<User>, name: &'static str) -> JoinHandle<(Ending, Instant)> {
    let (server, client) = pair();
    warden.watch(User(name), &server.sender());
    drive(server);
    drive(client)
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Checklist 144: authorisation is asked for again on live connections, and who has lost it is closed with 1008.
#[tokio::test(start_paused = true)]
async fn who_may_stay_no_longer_is_closed() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let warden = Warden::builder().every(seconds(60)).build(move |name: Arc<User>| {
        let asked = count.fetch_add(1, Ordering::Relaxed);
        async move { if name.0 == "eve" && asked >= 4 { Access::denied() } else { Access::Granted } }
    });
    let start = Instant::now();
    let (ann, eve) = (watched(&warden, "ann"), watched(&warden, "eve"));
    let (ending, at) = eve.await.unwrap();
    assert_eq!((ending.code(), ending.is_clean()), (1008, true));
    // The third turn of each.
    assert!((seconds(135)..=seconds(181)).contains(&(at - start)), "{:?}", at - start);
    assert!(!ann.is_finished());
    sleep(seconds(600)).await;
    assert!(!ann.is_finished());
    assert!(asked.load(Ordering::Relaxed) >= 15);
    assert_eq!(warden.watched(), 1);
}

/// The application may say why; 3000 is Unauthorized in the registry of close codes.
#[tokio::test(start_paused = true)]
async fn the_hook_may_say_why() {
    let unauthorized = CloseCode::new(3000).unwrap();
    let warden = Warden::builder()
        .build(move |_: Arc<User>| async move { Access::Denied(unauthorized.into()) });
    assert_eq!(watched(&warden, "ann").await.unwrap().0.code(), 3000);
}

/// Checklist 144: revoked at once, whether or not the handler reads; who does not go is cut.
#[tokio::test(start_paused = true)]
async fn a_busy_handler_cannot_keep_a_connection_that_was_revoked() {
    let warden = Warden::new();
    let (server, client) = pair();
    warden.watch(User("eve"), &server.sender());
    let busy = tokio::spawn(async move {
        let closed = server.sender().closed().await;
        (closed, server)
    });
    let (ann, eve) = (watched(&warden, "ann"), drive(client));
    let start = Instant::now();
    assert_eq!(warden.revoke(|name| name.0 == "eve", CloseCode::POLICY_VIOLATION), 1);
    assert_eq!(warden.revoke(|name| name.0 == "eve", CloseCode::POLICY_VIOLATION), 0);
    let (ending, _) = eve.await.unwrap();
    assert_eq!(ending.code(), 1008);
    let (ending, _server) = busy.await.unwrap();
    assert!(!ending.is_clean(), "nobody read the answer");
    assert_eq!(start.elapsed().as_millis(), 5_100, "Timeouts::close, and a moment");
    assert!(!ann.is_finished());
}

/// Who is being asked for when he is revoked goes, whatever the answer is.
#[tokio::test(start_paused = true)]
async fn a_late_answer_does_not_undo_a_revocation() {
    let warden = Warden::builder().every(seconds(10)).build(|_: Arc<User>| async {
        sleep(seconds(5)).await;
        Access::Granted
    });
    let client = watched(&warden, "eve");
    sleep(seconds(11)).await;
    assert_eq!(warden.revoke(|_| true, CloseCode::POLICY_VIOLATION), 1);
    assert_eq!(client.await.unwrap().0.code(), 1008);
    sleep(seconds(20)).await;
    assert_eq!(warden.watched(), 0);
}

/// A hook that hangs or panics is no answer: who is connected stays, or goes, as was said.
#[tokio::test(start_paused = true)]
async fn what_is_not_known_has_a_policy() {
    async fn hang(_: Arc<User>) -> Access {
        pending().await
    }
    async fn unknown(_: Arc<User>) -> Access {
        Access::Unknown
    }
    fn builder() -> wharf::WardenBuilder {
        Warden::builder().every(seconds(60)).within(seconds(10))
    }
    let panics = |name: Arc<User>| -> std::future::Ready<Access> { panic!("{}", name.0) };
    for warden in [builder().build(hang), builder().build(unknown), builder().build(panics)] {
        let client = watched(&warden, "ann");
        sleep(seconds(3600)).await;
        assert!(!client.is_finished() && warden.watched() == 1);
    }
    let builder = || builder().unknown(OnUnknown::Close(CloseCode::TRY_AGAIN_LATER.into()));
    for (warden, least, most) in [
        (builder().build(hang), 55, 70),
        (builder().build(unknown), 45, 60),
        (builder().build(panics), 45, 60),
    ] {
        let start = Instant::now();
        let (ending, at) = watched(&warden, "ann").await.unwrap();
        assert_eq!(ending.code(), 1013);
        assert!((seconds(least)..=seconds(most)).contains(&(at - start)), "{:?}", at - start);
    }
}

/// However many there are, so many are asked for at a time; and each in its turn.
#[tokio::test(start_paused = true)]
async fn questions_are_bounded() {
    let (now, most, all) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicUsize::new(0)),
    );
    let seen = (Arc::clone(&now), Arc::clone(&most), Arc::clone(&all));
    let warden = Warden::builder().every(seconds(60)).at_a_time(8).build(move |_: Arc<User>| {
        let (now, most, all) = seen.clone();
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            sleep(Duration::from_millis(50)).await;
            now.fetch_sub(1, Ordering::Relaxed);
            all.fetch_add(1, Ordering::Relaxed);
            Access::Granted
        }
    });
    let _clients: Vec<_> = (0..1_000).map(|_| watched(&warden, "ann")).collect();
    sleep(seconds(61)).await;
    assert_eq!(most.load(Ordering::Relaxed), 8);
    assert!(all.load(Ordering::Relaxed) >= 1_000);
}

/// Nobody is watched for longer than he is here, whether or not anybody asks.
#[tokio::test(start_paused = true)]
async fn who_has_gone_is_forgotten() {
    let wardens =
        [Warden::new(), Warden::builder().build(|_: Arc<User>| async { Access::Granted })];
    for warden in wardens {
        for _ in 0..10_000 {
            let (server, _client) = pair();
            warden.watch(User("ann"), &server.sender());
        }
        assert!(warden.watched() <= 64, "{}", warden.watched());
    }
}
