//! Opening handshakes with the same settings and errors as the async face.

use super::support::{Raw, bounded, client, tcp};
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    thread,
};
use wharf::{
    Accept, AcceptError, Acceptor, Bytes, Message, Stage, Subprotocol,
    blocking::{self, Request},
};
use wharf_testkit::Frame;

const ASK: &str = "GET /chat?room=1 HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\n\
                   Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                   Sec-WebSocket-Version: 13\r\n";

/// The request that these bytes are, and the client's end.
fn asked(acceptor: Acceptor, bytes: &[u8]) -> (Result<Request, AcceptError>, TcpStream) {
    let (mut near, far) = tcp();
    near.write_all(bytes).unwrap();
    // Nothing more will be asked: whoever refuses waits no longer.
    near.shutdown(Shutdown::Write).unwrap();
    (blocking::Acceptor::from(acceptor).accept(far), near)
}

fn answer(mut near: TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    near.read_to_end(&mut answer).unwrap();
    answer
}

#[test]
fn a_request_is_seen_before_it_is_answered() {
    bounded(|| {
        let chat = Accept::new().subprotocols([Subprotocol::new("b").unwrap()]);
        let acceptor = Acceptor::builder().accept(chat).build();
        let bytes = format!("{ASK}Sec-WebSocket-Protocol: a, b\r\n\r\n");
        // The first frame comes along with the request.
        let first = Frame::text("first").masked([9, 8, 7, 6]).bytes();
        let (request, near) = asked(acceptor, &[bytes.as_bytes(), &first].concat());
        let request = request.unwrap();
        assert_eq!(request.uri(), "/chat?room=1");
        assert_eq!((request.subprotocols().len(), request.origin()), (2, None));
        let mut socket = request.accept().unwrap();
        assert_eq!(socket.subprotocol(), Some("b"));
        assert_eq!(socket.recv().unwrap(), Some(Message::from("first")));
        drop(socket);
        let answer = answer(near);
        assert!(answer.starts_with(b"HTTP/1.1 101 ") && answer.ends_with(b"\x88\x02\x03\xe9"));
    });
}

#[test]
fn what_is_wrong_with_a_request_is_answered() {
    bounded(|| {
        for (bytes, status) in [
            ("GET / HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(), "426"),
            (format!("{ASK}Origin: https://evil.example\r\n\r\n"), "403"),
            (ASK.replace("13", "12") + "\r\n", "426"),
            ("nonsense\r\n\r\n".to_owned(), "400"),
        ] {
            let (refused, near) = asked(Acceptor::default(), bytes.as_bytes());
            let error = refused.unwrap_err();
            let plain = matches!(error, AcceptError::Plain(_));
            assert_eq!(plain, bytes.starts_with("GET / "), "{error}");
            let answer = answer(near);
            assert!(answer.starts_with(format!("HTTP/1.1 {status} ").as_bytes()), "{status}");
        }
    });
}

#[test]
fn terms_that_do_not_fit_the_offer_are_an_error_and_a_500() {
    bounded(|| {
        let (request, near) = asked(Acceptor::default(), format!("{ASK}\r\n").as_bytes());
        let terms = Accept::new().subprotocol(Subprotocol::new("chat").unwrap());
        let error = request.unwrap().accept_with(terms).unwrap_err();
        assert!(matches!(error, AcceptError::Answer(_)), "{error}");
        assert!(answer(near).starts_with(b"HTTP/1.1 500 "));
    });
}

#[test]
fn a_refusal_comes_with_its_body() {
    bounded(|| {
        let (near, far) = tcp();
        let refusing = thread::spawn(move || {
            let request = blocking::Acceptor::from(Acceptor::default()).accept(far).unwrap();
            let response = http::Response::builder().status(404);
            request.refuse(response.body(Bytes::from("no such room")).unwrap()).unwrap();
        });
        let error = client().connect_over(near, "ws://localhost/chat").unwrap_err();
        assert!(error.is_refused() && error.stage() == Stage::Upgrade, "{error}");
        let response = error.response().unwrap();
        assert_eq!((response.status().as_u16(), &response.body()[..]), (404, &b"no such room"[..]));
        refusing.join().unwrap();
    });
}

#[test]
fn an_answer_that_is_none_names_the_stage() {
    bounded(|| {
        for (answer, says) in [
            ("", "ended the connection"),
            ("HTTP/1.1 101 Switching Protocols\r\n\r\n", "RFC 6455"),
            ("SSH-2.0\r\n\r\n", "first line"),
        ] {
            let (near, far) = tcp();
            let mut peer = Raw::new(far);
            let answering = thread::spawn(move || {
                let mut request = [0; 1024];
                let _ = peer.io.read(&mut request).unwrap();
                peer.io.write_all(answer.as_bytes()).unwrap();
            });
            let error = client().connect_over(near, "ws://localhost/").unwrap_err();
            assert_eq!(error.stage(), Stage::Upgrade);
            assert!(error.to_string().contains(says), "{answer:?}: {error}");
            answering.join().unwrap();
        }
    });
}

#[test]
fn a_url_that_leads_nowhere_touches_no_network() {
    let error = blocking::connect("ftp://localhost/").unwrap_err();
    assert_eq!(error.stage(), Stage::Url);
    assert!(error.url_error().is_some());
}

/// Names are resolved, and each address gets its chance.
#[test]
fn a_name_is_resolved() {
    bounded(|| {
        let (address, serving) =
            super::support::echo_server(blocking::Acceptor::from(Acceptor::default()));
        let url = format!("ws://localhost:{}/", address.port());
        let (mut socket, response) = client().connect_with_response(url).unwrap();
        assert_eq!(response.status().as_u16(), 101);
        assert!(socket.close(wharf::CloseCode::NORMAL).is_clean());
        serving.join().unwrap();
    });
}
