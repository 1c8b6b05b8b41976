//! What the metrics say.

use crate::{
    recorder::Recorder,
    scenes::{
        compressed_talk, drive_for, echo, handshake, measured_round_trip, nonsense_on_the_wire,
        stuck_server,
    },
};
use std::time::Duration;
use wharf::{
    AcceptError, Acceptor, Bytes, Client, CloseCode, OriginPolicy, Request,
    testing::{Frame, Pair, pair},
};

const RECEIVED: &str = "wharf_messages_total{role=server,direction=received}";
const SENT: &str = "wharf_messages_total{role=server,direction=sent}";
const SERVERS: &str = "wharf_connections{role=server}";
const CLIENTS: &str = "wharf_connections{role=client}";

/// A few seconds of traffic are told with the next bytes, or when keep-alive acts; the rest at the end.
#[tokio::test(start_paused = true)]
async fn traffic_is_told_as_it_grows() {
    let recorder = Recorder::install();
    let (mut client, mut server) = pair();
    client.send("one").await.unwrap();
    assert!(server.recv().await.unwrap().is_some());
    assert_eq!(recorder.value(RECEIVED), 0.0, "it is not worth telling yet");
    tokio::join!(
        drive_for(&mut client, Duration::from_secs(31)),
        drive_for(&mut server, Duration::from_secs(31))
    );
    assert_eq!(recorder.value(RECEIVED), 1.0, "keep-alive has acted");
    for _ in 0..3 {
        server.send("more").await.unwrap();
    }
    drop(server);
    assert_eq!((recorder.value(RECEIVED), recorder.value(SENT)), (1.0, 3.0));
    let bytes = recorder.value("wharf_payload_bytes_total{role=server,direction=sent}");
    assert_eq!(bytes, 12.0);
}

/// While bytes come, every five seconds are enough.
#[tokio::test(start_paused = true)]
async fn busy_connections_are_told_every_five_seconds() {
    let recorder = Recorder::install();
    let (mut client, mut server) = pair();
    for second in 1..=12 {
        client.send("tick").await.unwrap();
        assert!(server.recv().await.unwrap().is_some());
        // The bytes that have just come are not decoded yet.
        let told = f64::from((second - 1) / 5 * 5);
        assert_eq!(recorder.value(RECEIVED), told, "in second {second}");
        tokio::time::advance(Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn open_connections_are_right_at_any_time() {
    let recorder = Recorder::install();
    let open = || (recorder.value(CLIENTS), recorder.value(SERVERS));
    let (client, server) = pair();
    let (other, _) = pair();
    assert_eq!(open(), (2.0, 1.0));
    drop((client, server, other));
    assert_eq!(open(), (0.0, 0.0));
    assert_eq!(recorder.value("wharf_connections_opened_total{role=client,transport=stream}"), 2.0);
}

/// RFC 6455 §7.1.5: each end counts what the other's Close said; an unknown code is one of a class.
#[tokio::test(start_paused = true)]
async fn closes_are_told_by_code() {
    let recorder = Recorder::install();
    for code in [1000, 4001, 4002] {
        let (mut client, server) = pair();
        let serving = tokio::spawn(echo(server));
        client.close(CloseCode::new(code).unwrap()).await;
        serving.await.unwrap();
    }
    let closes = |labels: &str| recorder.value(&format!("wharf_closes_total{{{labels}}}"));
    assert_eq!(closes("role=client,by=local,code=1000"), 1.0);
    assert_eq!(closes("role=server,by=peer,code=1000"), 1.0);
    assert_eq!(closes("role=server,by=peer,code=4xxx"), 2.0);
    assert_eq!(recorder.values()["wharf_connection_duration_seconds{role=server}"], 3.0);
}

#[tokio::test(start_paused = true)]
async fn errors_are_told_by_blame() {
    let recorder = Recorder::install();
    nonsense_on_the_wire().await;
    let (mut server, peer, _wire) = Pair::new().open_server();
    let silent = server.recv().await;
    assert!(silent.unwrap_err().is_timeout());
    drop(peer);
    let errors = |labels: &str| recorder.value(&format!("wharf_errors_total{{{labels}}}"));
    assert_eq!(errors("role=server,blame=peer,kind=protocol"), 1.0);
    assert_eq!(errors("role=server,blame=peer,kind=silence"), 1.0);
    assert_eq!(recorder.value("wharf_closes_total{role=server,by=local,code=1006}"), 2.0);
}

/// Both ends tell what became of it, with a reason.
#[tokio::test(start_paused = true)]
async fn handshakes_are_told_by_outcome() {
    let recorder = Recorder::install();
    let (client, acceptor) = (Client::default(), Acceptor::default());
    let _open = handshake(&client, &acceptor, Request::accept).await;
    let _refused = handshake(&client, &acceptor, |request| async {
        let no = http::Response::builder().status(404).body(Bytes::new()).unwrap();
        request.refuse(no).await?;
        Err(AcceptError::Plain(http::StatusCode::NOT_FOUND))
    })
    .await;
    let strict = Acceptor::builder().origins(OriginPolicy::only(["https://h"]).unwrap()).build();
    let page = Client::builder().origin("https://other").unwrap().build();
    let _stranger = handshake(&page, &strict, Request::accept).await;
    let dropped = handshake(&client, &acceptor, |request| async {
        drop(request);
        Err(AcceptError::ShuttingDown)
    });
    let _dropped = dropped.await;
    let told = |role, outcome, reason| {
        let labels = format!("role={role},outcome={outcome},reason={reason}");
        recorder.value(&format!("wharf_handshakes_total{{{labels}}}"))
    };
    for (role, outcome, reason, times) in [
        ("server", "accepted", "none", 1.0),
        ("client", "accepted", "none", 1.0),
        ("server", "refused", "application", 1.0),
        ("server", "refused", "origin", 1.0),
        ("client", "refused", "4xx", 2.0),
        ("server", "dropped", "none", 1.0),
        ("client", "failed", "response", 1.0),
    ] {
        assert_eq!(told(role, outcome, reason), times, "{role} {outcome} {reason}");
    }
    assert_eq!(recorder.value("wharf_handshakes_in_progress{role=server}"), 0.0);
    assert_eq!(recorder.value("wharf_handshakes_in_progress{role=client}"), 0.0);
}

/// What compression saves can be told from both ends, and they agree.
#[tokio::test(start_paused = true)]
async fn the_compression_ratio_can_be_told() {
    let recorder = Recorder::install();
    compressed_talk().await;
    let values = recorder.values();
    let told = |name: &str, role, direction| {
        values[&format!("wharf_{name}{{role={role},direction={direction}}}")]
    };
    for (here, there) in [("client", "server"), ("server", "client")] {
        let plain = told("deflate_plain_bytes_total", here, "sent");
        let compressed = told("deflate_compressed_bytes_total", here, "sent");
        assert_eq!(plain, 3000.0);
        assert!(compressed < 100.0, "{compressed}");
        assert_eq!(plain, told("deflate_plain_bytes_total", there, "received"));
        assert_eq!(compressed, told("deflate_compressed_bytes_total", there, "received"));
        assert_eq!(compressed, told("payload_bytes_total", here, "sent"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_round_trip_is_told_once() {
    let recorder = Recorder::install();
    measured_round_trip().await;
    assert_eq!(recorder.values()["wharf_round_trip_seconds{role=client}"], 1.0);
    // RFC 6455 §5.5.3: a Pong that answers nothing measures nothing.
    let (mut server, mut peer, _wire) = Pair::new().open_server();
    peer.send_frame(Frame::pong(b"unasked")).await.unwrap();
    drive_for(&mut server, Duration::from_secs(1)).await;
    assert_eq!(recorder.value("wharf_round_trip_seconds{role=server}"), 0.0);
}

#[tokio::test(start_paused = true)]
async fn what_waits_to_be_written_is_told_and_forgotten() {
    let recorder = Recorder::install();
    let (mut server, _peer) = stuck_server();
    server.try_send(vec![0; 1000]).unwrap();
    drive_for(&mut server, Duration::from_secs(7)).await;
    assert!(recorder.value("wharf_queued_bytes{role=server}") >= 900.0);
    drop(server);
    assert_eq!(recorder.value("wharf_queued_bytes{role=server}"), 0.0);
}

/// Nothing but Pings: no series of messages comes to be, and the connection remembers none.
#[tokio::test(start_paused = true)]
async fn an_idle_connection_tells_of_no_traffic() {
    let recorder = Recorder::install();
    let (mut client, mut server) = pair();
    let hour = Duration::from_secs(3600);
    tokio::join!(drive_for(&mut client, hour), drive_for(&mut server, hour));
    let values = recorder.values();
    assert!(!values.keys().any(|series| series.contains("direction")), "{values:?}");
    assert!(values["wharf_round_trip_seconds{role=server}"] > 50.0);
}

/// A handler's error and its panic are the application's.
#[tokio::test]
async fn handlers_that_fail_are_told() {
    let recorder = Recorder::install();
    let server = wharf::Server::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", server.local_addr().unwrap());
    let stop = server.shutdown_handle();
    let talk = async {
        let mut socket = wharf::connect(&url).await.unwrap();
        assert_eq!(socket.recv().await.unwrap(), None);
        stop.shut_down();
    };
    let serving = server.serve(|_socket| async { Err("not today") });
    tokio::join!(serving, talk);
    assert_eq!(
        recorder.value("wharf_errors_total{role=server,blame=application,kind=handler}"),
        1.0
    );
    assert_eq!(recorder.value("wharf_connections_opened_total{role=server,transport=tcp}"), 1.0);
}

/// The blocking face tells the same.
#[test]
fn threads_are_told_as_tasks_are() {
    let recorder = Recorder::install();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    let serving = std::thread::spawn(move || {
        let mut socket = wharf::blocking::accept(listener.accept().unwrap().0).unwrap();
        let message = socket.recv().unwrap().unwrap();
        socket.send(message).unwrap();
        assert!(socket.recv().unwrap().is_none());
    });
    let mut client = wharf::blocking::connect(url).unwrap();
    assert_eq!(recorder.value(CLIENTS), 1.0);
    client.send("hello").unwrap();
    assert!(client.recv().unwrap().is_some());
    client.close(CloseCode::NORMAL);
    serving.join().unwrap();
    for (series, value) in [
        ("wharf_handshakes_total{role=client,outcome=accepted,reason=none}", 1.0),
        ("wharf_connections_opened_total{role=client,transport=tcp}", 1.0),
        ("wharf_messages_total{role=client,direction=sent}", 1.0),
        ("wharf_messages_total{role=client,direction=received}", 1.0),
        ("wharf_closes_total{role=client,by=local,code=1000}", 1.0),
        (CLIENTS, 0.0),
    ] {
        assert_eq!(recorder.value(series), value, "{series}");
    }
}
