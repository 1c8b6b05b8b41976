//! `wss://`: one session of rustls, two threads.

use super::{
    support::{async_echo_server, bounded, echo_server, tcp},
    threads::exchange,
};
use std::{thread, time::Duration};
use tokio::runtime::Runtime;
use wharf::{
    AcceptError, AcceptStage, Acceptor, CloseCode, Config, Message, Role, ServerTls, Stage, Tls,
    blocking::{self, Client, WebSocket},
};

/// A server's acceptor, and what a client needs to trust it.
fn secured() -> (Acceptor, Tls) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = made.signing_key.serialize_pem();
    let server = ServerTls::from_pem(made.cert.pem().as_bytes(), key.as_bytes()).unwrap();
    let trust = Tls::builder().without_platform_roots().root_pem(made.cert.pem()).unwrap().build();
    (Acceptor::builder().tls(server).build(), trust)
}

fn client(trust: Tls) -> Client {
    wharf::Client::builder().tls(trust).build().into()
}

#[test]
fn a_blocking_client_talks_to_an_async_server_over_tls() {
    bounded(|| {
        let (acceptor, trust) = secured();
        let (address, _runtime) = async_echo_server(acceptor);
        let url = format!("wss://localhost:{}/", address.port());
        let mut socket = client(trust).connect(url).unwrap();
        for len in [0, 1, 16_000, 17_000, 500_000] {
            socket.send(vec![3; len]).unwrap();
            assert!(socket.recv().unwrap() == Some(Message::from(vec![3; len])));
        }
        assert!(socket.close(CloseCode::NORMAL).is_clean());
    });
}

#[test]
fn an_async_client_talks_to_a_blocking_server_over_tls() {
    bounded(|| {
        let (acceptor, trust) = secured();
        let (address, serving) = echo_server(acceptor.into());
        let url = format!("wss://localhost:{}/", address.port());
        Runtime::new().unwrap().block_on(async {
            let client = wharf::Client::builder().tls(trust).build();
            let mut socket = client.connect(url).await.unwrap();
            for len in [0, 1, 16_000, 17_000, 500_000] {
                socket.send(vec![3; len]).await.unwrap();
                assert!(socket.recv().await.unwrap() == Some(Message::from(vec![3; len])));
            }
            assert!(socket.close(CloseCode::NORMAL).await.is_clean());
        });
        assert!(serving.join().unwrap().is_clean());
    });
}

fn pair() -> (WebSocket, WebSocket) {
    pair_with(Config::new(Role::Client))
}

fn pair_with(config: Config) -> (WebSocket, WebSocket) {
    let ((acceptor, trust), (near, far)) = (secured(), tcp());
    let accepting = thread::spawn(move || {
        let request = blocking::Acceptor::from(acceptor).accept(far).unwrap();
        assert_eq!(request.tls().unwrap().server_name.as_deref(), Some("localhost"));
        request.accept().unwrap()
    });
    let client = wharf::Client::builder().tls(trust).config(config).build();
    let socket = Client::from(client).connect_over(near, "wss://localhost/").unwrap();
    (socket, accepting.join().unwrap())
}

#[test]
fn both_ends_send_and_receive_at_once_over_tls() {
    bounded(|| {
        let (client, server) = pair();
        exchange(client, server);
    });
}

/// A thread that waits for ciphertext holds nothing that a sender needs, and the other way round.
#[test]
fn a_blocked_reader_and_a_blocked_sender_let_each_other_go_on() {
    bounded(|| {
        let (client, mut server) = pair();
        let (sender, mut receiver) = client.split();
        let reading = thread::spawn(move || (receiver.recv(), receiver));
        sender.send("while another thread reads").unwrap();
        assert_eq!(server.recv().unwrap(), Some("while another thread reads".into()));

        let flood = thread::spawn({
            let sender = sender.clone();
            move || while sender.send(vec![0; 1 << 20]).is_ok() {}
        });
        while sender.queued_bytes() == 0 {
            thread::yield_now();
        }
        server.send("while another thread writes").unwrap();
        let (received, receiver) = reading.join().unwrap();
        assert_eq!(received.unwrap(), Some("while another thread writes".into()));
        sender.shut_down(CloseCode::GOING_AWAY);
        flood.join().unwrap();
        drop(receiver);
    });
}

#[test]
fn a_silent_peer_is_given_up_over_tls_too() {
    bounded(|| {
        let mut config = Config::new(Role::Client);
        config.timeouts.ping_every = Some(Duration::from_millis(50));
        config.timeouts.pong_within = Duration::from_millis(50);
        config.timeouts.close = Duration::from_millis(50);
        let (mut client, server) = pair_with(config);
        assert!(client.recv().unwrap_err().is_timeout());
        drop(server);
    });
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    bounded(|| {
        let ((acceptor, _), (_, stranger), (near, far)) = (secured(), secured(), tcp());
        let accepting =
            thread::spawn(move || blocking::Acceptor::from(acceptor).accept(far).unwrap_err());
        let error = client(stranger).connect_over(near, "wss://localhost/").unwrap_err();
        assert_eq!(error.stage(), Stage::Tls);
        // The alert says whose fault it is.
        let error = accepting.join().unwrap();
        assert!(matches!(error, AcceptError::Tls(_)), "{error}");
    });
}

#[test]
fn bytes_that_are_no_tls_are_an_error_of_tls() {
    bounded(|| {
        let ((acceptor, _), (near, far)) = (secured(), tcp());
        std::io::Write::write_all(&mut &near, b"GET / HTTP/1.1\r\n\r\n").unwrap();
        let acceptor = blocking::Acceptor::from(acceptor);
        assert!(matches!(acceptor.accept(far).unwrap_err(), AcceptError::Tls(_)));
        let (near, far) = tcp();
        drop(near);
        let error = acceptor.accept(far).unwrap_err();
        assert!(matches!(error, AcceptError::Left(AcceptStage::Tls)), "{error}");
    });
}
