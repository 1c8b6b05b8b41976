//! Behind proxies: who is believed, and what happens to what cannot be (checklist 142).

use super::support::{SWITCH, ask, expect, good, lines, pipe, with};
use std::{net::SocketAddr, time::Duration};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::Instant};
use wharf::{
    AcceptError, AcceptStage, Acceptor, AcceptorBuilder, ForwardedHeader, ProxyHeaderError,
    Refusal, Request, Server, TrustedProxies,
};

const PROXY: &str = "10.0.0.1:40000";
const STRANGER: &str = "203.0.113.1:40000";

fn trusted() -> TrustedProxies {
    TrustedProxies::new(["10.0.0.0/8", "127.0.0.0/8"]).unwrap()
}

fn forwarded() -> AcceptorBuilder {
    Acceptor::builder().forwarded(ForwardedHeader::XForwardedFor, trusted())
}

fn behind() -> Acceptor {
    Acceptor::builder().proxy_protocol(trusted()).build()
}

/// What becomes of a connection from `peer` that begins with these bytes.
async fn from(acceptor: &Acceptor, peer: &str, bytes: &[u8]) -> Result<Request, AcceptError> {
    let (mut client, server) = pipe();
    client.write_all(bytes).await.unwrap();
    acceptor.accept_from(server, peer.parse().unwrap()).await
}

fn client(request: &Request) -> String {
    request.client_addr().unwrap().to_string()
}

/// The address is the trusted proxy's word, and the peer's stays its own.
#[tokio::test]
async fn a_trusted_proxy_names_its_client() {
    let asked = with("X-Forwarded-For: 192.0.2.1");
    let acceptor = forwarded().build();
    let request = from(&acceptor, PROXY, asked.as_bytes()).await.unwrap();
    assert_eq!(client(&request), "192.0.2.1");
    assert_eq!(request.peer_addr(), Some(PROXY.parse::<SocketAddr>().unwrap()));
    let request = from(&acceptor, STRANGER, asked.as_bytes()).await.unwrap();
    assert_eq!((client(&request).as_str(), request.forwarded()), ("203.0.113.1", None));
    let request = from(&Acceptor::default(), PROXY, asked.as_bytes()).await.unwrap();
    assert_eq!(client(&request), "10.0.0.1");
}

/// A header of a stranger is never an error; one of a trusted proxy is answered with 400, and the error names it.
#[tokio::test]
async fn what_cannot_be_read_is_an_error_of_the_trusted_only() {
    let asked = with("X-Forwarded-For: nonsense");
    let acceptor = forwarded().build();
    from(&acceptor, STRANGER, asked.as_bytes()).await.unwrap();
    let (near, far) = pipe();
    let accepted = acceptor.accept_from(far, PROXY.parse().unwrap());
    let (error, answer) = tokio::join!(accepted, ask(near, &asked));
    let error = error.unwrap_err();
    assert!(matches!(&error, AcceptError::Forwarded(_)), "{error}");
    assert!(error.to_string().contains("\"nonsense\""), "{error}");
    assert_eq!(lines(&answer), ["HTTP/1.1 400 Bad Request", "connection: close"]);
}

/// RFC 6455 §10.2, checklist 39: behind a proxy the host is the one that the browser asked for.
#[tokio::test]
async fn the_origin_is_compared_with_the_host_that_the_client_asked_for() {
    let page = with("Origin: https://app.example\r\nX-Forwarded-Host: app.example");
    let acceptor = forwarded().build();
    from(&acceptor, PROXY, page.as_bytes()).await.unwrap();
    let error = from(&acceptor, STRANGER, page.as_bytes()).await.unwrap_err();
    assert!(matches!(error, AcceptError::Request(Refusal::Origin(_))), "{error}");
}

#[tokio::test]
async fn a_proxy_header_names_the_client() {
    for (header, is) in [
        (&b"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n"[..], "192.0.2.1"),
        (b"PROXY UNKNOWN\r\n", "10.0.0.1"),
        (
            b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\x01\x02\x03\x04\0\x50\x01\xbb",
            "192.0.2.7",
        ),
        (b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", "10.0.0.1"),
    ] {
        let request = from(&behind(), PROXY, &[header, good().as_bytes()].concat()).await.unwrap();
        assert_eq!(client(&request), is);
        assert_eq!(request.peer_addr(), Some(PROXY.parse().unwrap()));
    }
}

/// Both at once: a balancer that does not look into connections before a proxy that does.
#[tokio::test]
async fn a_proxy_header_may_name_a_trusted_proxy() {
    let acceptor = forwarded().proxy_protocol(trusted()).build();
    let asked = with("X-Forwarded-For: 192.0.2.1");
    let bytes = format!("PROXY TCP4 10.0.0.9 10.0.0.1 1 2\r\n{asked}");
    assert_eq!(client(&from(&acceptor, PROXY, bytes.as_bytes()).await.unwrap()), "192.0.2.1");
    let bytes = format!("PROXY TCP4 198.51.100.1 10.0.0.1 1 2\r\n{asked}");
    assert_eq!(client(&from(&acceptor, PROXY, bytes.as_bytes()).await.unwrap()), "198.51.100.1");
}

/// A listed network must send one; from elsewhere it is no request.
#[tokio::test]
async fn a_proxy_header_is_needed_from_the_trusted_and_from_nobody_else() {
    let acceptor = behind();
    let error = from(&acceptor, PROXY, good().as_bytes()).await.unwrap_err();
    assert!(matches!(error, AcceptError::Proxy(ProxyHeaderError::Missing)), "{error}");
    let error = from(&acceptor, PROXY, b"PROXY TCP4 x\r\n0123456789").await.unwrap_err();
    assert!(matches!(error, AcceptError::Proxy(ProxyHeaderError::Line)), "{error}");
    from(&acceptor, STRANGER, good().as_bytes()).await.unwrap();
    for header in ["PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", "\r\n\r\n\0\r\nQUIT\n"] {
        let bytes = [header.as_bytes(), good().as_bytes()].concat();
        let error = from(&acceptor, STRANGER, &bytes).await.unwrap_err();
        assert!(matches!(error, AcceptError::Request(_)), "{error}");
    }
}

/// Checklist 48: within the deadline of the handshake, and the error names the stage.
#[tokio::test(start_paused = true)]
async fn a_proxy_header_has_the_deadline_of_the_handshake() {
    let (mut near, far) = pipe();
    near.write_all(b"PROXY TCP4 192.0.2.1 ").await.unwrap();
    let (start, acceptor) = (Instant::now(), behind());
    let error = acceptor.accept_from(far, PROXY.parse().unwrap()).await.unwrap_err();
    assert!(matches!(error, AcceptError::TimedOut(AcceptStage::Proxy, _)), "{error}");
    assert_eq!(start.elapsed(), Duration::from_secs(10));
    let (near, far) = pipe();
    drop(near);
    let error = acceptor.accept_from(far, PROXY.parse().unwrap()).await.unwrap_err();
    assert!(matches!(error, AcceptError::Left(AcceptStage::Proxy)), "{error}");
}

/// RFC 6585 §4: the cap for each address goes by the client's, and all is given back.
#[tokio::test]
async fn the_cap_for_each_address_is_on_clients() {
    let server = Server::bind("127.0.0.1:0").await.unwrap().with_connections_per_address(1);
    let address = server.local_addr().unwrap();
    let serving = server
        .with_acceptor(behind())
        .serve(|mut socket| async move { while let Ok(Some(_)) = socket.recv().await {} });
    let serving = tokio::spawn(serving);
    let as_client = |client: &str| format!("PROXY TCP4 {client} 10.0.0.1 1 2\r\n{}", good());
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(as_client("192.0.2.1").as_bytes()).await.unwrap();
    expect(&mut first, SWITCH).await;
    let mut other = TcpStream::connect(address).await.unwrap();
    other.write_all(as_client("192.0.2.2").as_bytes()).await.unwrap();
    expect(&mut other, SWITCH).await;
    let again = TcpStream::connect(address).await.unwrap();
    let answer = ask(again, &as_client("192.0.2.1")).await;
    assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
    serving.abort();
}
