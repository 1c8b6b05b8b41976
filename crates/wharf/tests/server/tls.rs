//! TLS on the server's side.

use super::support::{SWITCH, expect, good, pipe, rest};
use rustls::{
    ClientConfig, HandshakeKind, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncWriteExt, DuplexStream},
    time::Instant,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use wharf::{AcceptError, AcceptStage, Acceptor, ServerTls};

/// An acceptor with a certificate for `localhost`, and a client that trusts it.
fn pair(alpn: &[&[u8]]) -> (Acceptor, TlsConnector) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = made.signing_key.serialize_pem();
    let tls = ServerTls::from_pem(made.cert.pem().as_bytes(), key.as_bytes()).unwrap();
    let connector = connector(made.cert.der().clone(), alpn);
    (Acceptor::builder().tls(tls).build(), connector)
}

fn connector(trusted: CertificateDer<'static>, alpn: &[&[u8]]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let mut config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    TlsConnector::from(Arc::new(config))
}

async fn asking(
    connector: &TlsConnector,
    io: DuplexStream,
) -> std::io::Result<TlsStream<DuplexStream>> {
    let name = ServerName::try_from("localhost").unwrap();
    let mut tls = connector.connect(name, io).await?;
    tls.write_all(good().as_bytes()).await?;
    tls.flush().await?;
    Ok(tls)
}

/// RFC 6455 §4.1 under TLS; ALPN is answered with `http/1.1` (RFC 7301).
#[tokio::test]
async fn a_request_inside_tls_knows_what_tls_knows() {
    let (acceptor, connector) = pair(&[b"h2", b"http/1.1"]);
    let (client, server) = pipe();
    let (request, client) = tokio::join!(acceptor.accept(server), asking(&connector, client));
    let (request, mut client) = (request.unwrap(), client.unwrap());
    assert_eq!(client.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let peer = request.tls().unwrap();
    assert_eq!(peer.server_name.as_deref(), Some("localhost"));
    assert!(peer.certificates.is_empty());
    let _socket = request.accept().await.unwrap();
    expect(&mut client, SWITCH).await;
}

/// One connection from TLS to the 101, and how TLS began.
async fn come(acceptor: &Acceptor, connector: &TlsConnector) -> Option<HandshakeKind> {
    let (client, server) = pipe();
    let (request, client) = tokio::join!(acceptor.accept(server), asking(connector, client));
    let (request, mut client) = (request.unwrap(), client.unwrap());
    let _socket = request.accept().await.unwrap();
    expect(&mut client, SWITCH).await;
    client.get_ref().1.handshake_kind()
}

/// RFC 8446 §2.2: who comes again resumes, however many came in between; rustls remembers 256 by itself.
#[tokio::test]
async fn a_session_is_resumed_after_hundreds_of_others() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = made.signing_key.serialize_pem();
    let tls = ServerTls::from_pem(made.cert.pem().as_bytes(), key.as_bytes()).unwrap();
    let acceptor = Acceptor::builder().tls(tls).build();
    let client = || connector(made.cert.der().clone(), &[]);
    let first = client();
    assert_eq!(come(&acceptor, &first).await, Some(HandshakeKind::Full));
    for _ in 0..260 {
        assert_eq!(come(&acceptor, &client()).await, Some(HandshakeKind::Full));
    }
    assert_eq!(come(&acceptor, &first).await, Some(HandshakeKind::Resumed));
}

/// RFC 7301 §3.2: a client that speaks only HTTP/2 is told so by TLS.
#[tokio::test]
async fn a_client_of_another_protocol_fails_in_tls() {
    let (acceptor, connector) = pair(&[b"h2"]);
    let (client, server) = pipe();
    let (outcome, client) = tokio::join!(acceptor.accept(server), asking(&connector, client));
    assert!(matches!(outcome.unwrap_err(), AcceptError::Tls(_)));
    client.unwrap_err();
}

/// A browser that was told `http://` for a port with TLS.
#[tokio::test]
async fn plain_http_on_a_port_with_tls_is_an_error_of_tls() {
    let (acceptor, _) = pair(&[]);
    let (mut client, server) = pipe();
    client.write_all(good().as_bytes()).await.unwrap();
    let error = acceptor.accept(server).await.unwrap_err();
    assert!(matches!(error, AcceptError::Tls(_)), "{error:?}");
}

/// RFC 8446 §6.1: checklist 89. Without close_notify the client could not tell the end from a cut.
#[tokio::test]
async fn the_end_of_an_answer_is_told_inside_tls() {
    let (acceptor, connector) = pair(&[]);
    let (client, server) = pipe();
    let (request, client) = tokio::join!(acceptor.accept(server), asking(&connector, client));
    let mut client = client.unwrap();
    let answer = async {
        let answer = rest(&mut client).await;
        drop(client);
        answer
    };
    let refusal = request.unwrap().refuse(http::Response::new("no".into()));
    let (outcome, answer) = tokio::join!(refusal, answer);
    outcome.unwrap();
    assert!(answer.ends_with("\r\n\r\nno"), "{answer}");
}

/// Checklist 45, checklist 48.
#[tokio::test(start_paused = true)]
async fn the_deadline_counts_from_the_first_byte_of_tls() {
    let (acceptor, _) = pair(&[]);
    let (_silent, server) = pipe();
    let start = Instant::now();
    let error = acceptor.accept(server).await.unwrap_err();
    assert!(matches!(error, AcceptError::TimedOut(AcceptStage::Tls, _)), "{error:?}");
    assert_eq!(start.elapsed(), Duration::from_secs(10));
}

/// Checklist 48.
#[tokio::test]
async fn who_leaves_inside_the_tls_handshake_left() {
    let (acceptor, _) = pair(&[]);
    let (client, server) = pipe();
    drop(client);
    let error = acceptor.accept(server).await.unwrap_err();
    assert!(matches!(error, AcceptError::Left(AcceptStage::Tls)), "{error:?}");
}
