//! TLS: who is trusted, who is not, and what goes over the wire before the request.

use crate::{
    network::{Call, switchboard},
    peer::{answer_on, read_head},
};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use rustls::{
    HandshakeKind, RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::PrivateKeyDer,
    server::{NoClientAuth, WebPkiClientVerifier, danger::ClientCertVerifier},
};
use std::{error::Error, sync::Arc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    sync::mpsc::UnboundedReceiver,
};
use tokio_rustls::TlsAcceptor;
use wharf::{
    Client, ClientBuilder, ConnectError, Proxy, ReconnectEvent, RedirectError, Stage, Tls,
    TlsBuilder, WebSocket,
};

type Authority = CertifiedIssuer<'static, KeyPair>;

/// A certificate authority, made for one test.
fn authority() -> Authority {
    named_authority("ours")
}

fn named_authority(name: &str) -> Authority {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    Authority::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for these names and addresses, with its key.
fn leaf(
    authority: &Authority,
    names: &[&str],
    usage: ExtendedKeyUsagePurpose,
) -> (Certificate, KeyPair) {
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.extended_key_usages = vec![usage];
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, authority).unwrap(), key)
}

fn der(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivateKeyDer::try_from(key.serialize_der()).unwrap()
}

/// What a server presents and asks for.
struct Server(ServerConfig);

impl Server {
    fn new(authority: &Authority, name: &str) -> Self {
        Self::with(authority, name, Arc::new(NoClientAuth))
    }

    /// Asks for a client certificate of this authority.
    fn asking(authority: &Authority, name: &str) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(authority.der().clone()).unwrap();
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        Self::with(authority, name, verifier.build().unwrap())
    }

    fn with(authority: &Authority, name: &str, verifier: Arc<dyn ClientCertVerifier>) -> Self {
        let (certificate, key) = leaf(authority, &[name], ExtendedKeyUsagePurpose::ServerAuth);
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![certificate.der().clone()], der(&key));
        Self(config.unwrap())
    }

    fn speaking(mut self, protocol: &[u8]) -> Self {
        self.0.alpn_protocols = vec![protocol.to_vec()];
        self
    }

    /// Has nothing more to say once the client's part of the handshake is there.
    fn without_tickets(mut self) -> Self {
        self.0.send_tls13_tickets = 0;
        self
    }

    fn acceptor(self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::new(self.0))
    }
}

/// What a server saw of a client.
#[derive(Debug)]
struct Seen {
    sni: Option<String>,
    alpn: Option<Vec<u8>>,
    kind: Option<HandshakeKind>,
    has_certificate: bool,
}

async fn accept(acceptor: TlsAcceptor, io: DuplexStream) -> Option<Seen> {
    let stream = acceptor.accept(io).await.ok()?;
    let (_, tls) = stream.get_ref();
    let seen = Seen {
        sni: tls.server_name().map(ToOwned::to_owned),
        alpn: tls.alpn_protocol().map(<[u8]>::to_vec),
        kind: tls.handshake_kind(),
        has_certificate: tls.peer_certificates().is_some(),
    };
    answer_on(stream, |head| head.switch(&[]).into()).await;
    Some(seen)
}

/// What comes of one connection: for the client, and for the server if its part of TLS went well.
async fn meet(
    client: &Client,
    acceptor: &TlsAcceptor,
    url: &str,
) -> (Result<(), ConnectError>, Option<Seen>) {
    let (near, far) = duplex(1 << 14);
    let server = tokio::spawn(accept(acceptor.clone(), far));
    let outcome = client.connect_over(near, url).await.map(drop::<WebSocket>);
    (outcome, server.await.unwrap())
}

/// Trust in one authority and none else.
fn trusting(authority: &Authority) -> TlsBuilder {
    Tls::builder().without_platform_roots().root_pem(authority.pem()).unwrap()
}

fn client(tls: TlsBuilder) -> Client {
    Client::builder().tls(tls.build()).build()
}

/// All messages of an error, from the outside in.
fn chain(error: &ConnectError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!(": {error}");
        source = error.source();
    }
    text
}

/// RFC 6455 §4.1, item 5; checklist 5, 6.
#[tokio::test]
async fn a_certificate_of_a_trusted_authority_opens_with_name_and_protocol_told() {
    let authority = authority();
    let acceptor = Server::new(&authority, "example.com").speaking(b"http/1.1").acceptor();
    let (outcome, seen) =
        meet(&client(trusting(&authority)), &acceptor, "wss://Example.com/").await;
    outcome.unwrap();
    let seen = seen.unwrap();
    assert_eq!(seen.sni.as_deref(), Some("example.com"));
    assert_eq!(seen.alpn.as_deref(), Some(&b"http/1.1"[..]));
}

/// RFC 6066 §3; checklist 5.
#[tokio::test]
async fn an_address_is_verified_without_being_sent_as_a_name() {
    let authority = authority();
    for address in ["127.0.0.1", "::1"] {
        let acceptor = Server::new(&authority, address).acceptor();
        let url = if address.contains(':') {
            format!("wss://[{address}]/")
        } else {
            format!("wss://{address}/")
        };
        let (outcome, seen) = meet(&client(trusting(&authority)), &acceptor, &url).await;
        outcome.unwrap();
        assert_eq!(seen.unwrap().sni, None);
    }
}

/// Checklist 5, 9.
#[tokio::test]
async fn an_unknown_issuer_is_refused() {
    let acceptor = Server::new(&authority(), "example.com").acceptor();
    let (outcome, seen) =
        meet(&client(trusting(&named_authority("others"))), &acceptor, "wss://example.com/").await;
    let error = outcome.unwrap_err();
    assert_eq!(error.stage(), Stage::Tls);
    assert!(chain(&error).contains("UnknownIssuer"), "{}", chain(&error));
    assert!(seen.is_none());
}

/// Checklist 5, 9.
#[tokio::test]
async fn a_certificate_for_another_name_or_address_is_refused() {
    let authority = authority();
    let acceptor = Server::new(&authority, "example.com").acceptor();
    for url in ["wss://example.org/", "wss://www.example.com/", "wss://127.0.0.1/"] {
        let (outcome, _) = meet(&client(trusting(&authority)), &acceptor, url).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.stage(), Stage::Tls);
        assert!(chain(&error).contains("not valid for name"), "{}", chain(&error));
    }
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_a_server_that_asks() {
    let authority = authority();
    let (certificate, key) = leaf(&authority, &["me"], ExtendedKeyUsagePurpose::ClientAuth);
    let acceptor = Server::asking(&authority, "example.com").acceptor();
    let in_pem = trusting(&authority)
        .client_certificate_pem(certificate.pem(), key.serialize_pem())
        .unwrap();
    let in_der = trusting(&authority)
        .client_certificate_der([certificate.der()], key.serialize_der())
        .unwrap();
    for tls in [in_pem, in_der] {
        let (outcome, seen) = meet(&client(tls), &acceptor, "wss://example.com/").await;
        outcome.unwrap();
        assert!(seen.unwrap().has_certificate);
    }
}

/// Checklist 9. In TLS 1.3 this comes to light only after the client's part of the handshake.
#[tokio::test]
async fn a_missing_client_certificate_is_an_error_of_tls() {
    let authority = authority();
    let acceptor = Server::asking(&authority, "example.com").acceptor();
    let (outcome, _) = meet(&client(trusting(&authority)), &acceptor, "wss://example.com/").await;
    let error = outcome.unwrap_err();
    assert_eq!(error.stage(), Stage::Tls, "{}", chain(&error));
    assert!(chain(&error).contains("CertificateRequired"), "{}", chain(&error));
}

#[test]
fn a_certificate_with_the_key_of_another_is_refused_at_once() {
    let authority = authority();
    let (certificate, _) = leaf(&authority, &["me"], ExtendedKeyUsagePurpose::ClientAuth);
    let stranger = KeyPair::generate().unwrap();
    let error = Tls::builder()
        .client_certificate_pem(certificate.pem(), stranger.serialize_pem())
        .unwrap_err();
    assert_eq!(error.to_string(), "the client certificate cannot be used with its key");
    let error = Tls::builder().client_certificate_pem(certificate.pem(), "no key").unwrap_err();
    assert_eq!(error.to_string(), "the PEM text holds no usable private key");
    let error = Tls::builder().client_certificate_der([certificate.der()], [0; 8]).unwrap_err();
    assert!(error.to_string().contains("PKCS #8"), "{error}");
}

#[tokio::test]
async fn the_dangerous_switch_takes_any_certificate() {
    let acceptor = Server::new(&authority(), "elsewhere.example").acceptor();
    let reckless = client(Tls::builder().dangerously_accept_any_certificate());
    meet(&reckless, &acceptor, "wss://example.com/").await.0.unwrap();
}

fn ready(authority: &Authority, protocols: &[&[u8]]) -> Client {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Client::builder().tls(Tls::from_rustls(Arc::new(config))).build()
}

/// Checklist 6.
#[tokio::test]
async fn a_ready_configuration_offers_http11_if_it_names_no_protocol() {
    let authority = authority();
    let acceptor = Server::new(&authority, "example.com").speaking(b"http/1.1").acceptor();
    let (outcome, seen) = meet(&ready(&authority, &[]), &acceptor, "wss://example.com/").await;
    outcome.unwrap();
    assert_eq!(seen.unwrap().alpn.as_deref(), Some(&b"http/1.1"[..]));
}

/// RFC 9113 §8.6; checklist 6.
#[tokio::test]
async fn no_upgrade_is_sent_where_http2_was_chosen() {
    let authority = authority();
    let acceptor =
        Server::new(&authority, "example.com").speaking(b"h2").without_tickets().acceptor();
    let (near, far) = duplex(1 << 14);
    let server = tokio::spawn(async move {
        let mut stream = acceptor.accept(far).await.unwrap();
        let mut received = Vec::new();
        let _ = stream.read_to_end(&mut received).await;
        received
    });
    let client = ready(&authority, &[b"h2", b"http/1.1"]);
    let error = client.connect_over(near, "wss://example.com/").await.unwrap_err();
    assert_eq!(error.stage(), Stage::Tls);
    assert!(error.to_string().contains("HTTP/2"), "{error}");
    assert!(server.await.unwrap().is_empty());
}

#[tokio::test]
async fn a_second_connection_resumes_the_session_of_the_first() {
    let authority = authority();
    let acceptor = Server::new(&authority, "example.com").acceptor();
    let client = client(trusting(&authority));
    let first = meet(&client, &acceptor, "wss://example.com/").await.1.unwrap();
    let second = meet(&client.clone(), &acceptor, "wss://example.com/").await.1.unwrap();
    assert_eq!(first.kind, Some(HandshakeKind::Full));
    assert_eq!(second.kind, Some(HandshakeKind::Resumed));
}

/// A client that trusts one authority as a server and another one as a proxy, and its calls.
fn behind_tls(server: &Authority, proxy: &Authority) -> (Client, UnboundedReceiver<Call>) {
    let (dialer, calls) = switchboard();
    let proxy = Proxy::new("https://u:hush@p.example").unwrap().tls(trusting(proxy).build());
    let client = Client::builder().tls(trusting(server).build()).proxy(proxy).dialer(dialer);
    (client.build(), calls)
}

/// Checklist 5, 6, 8: the credentials are told within TLS, each end shows a certificate of its own, and TLS with
/// the server goes through that with the proxy.
#[tokio::test]
async fn an_https_proxy_is_verified_and_carries_tls_in_tls() {
    let (ours, theirs) = (named_authority("ours"), named_authority("theirs"));
    let server = Server::new(&ours, "h.example").speaking(b"http/1.1").acceptor();
    let proxy = Server::new(&theirs, "p.example").speaking(b"http/1.1").acceptor();
    let (client, mut calls) = behind_tls(&ours, &theirs);
    let play = async {
        let (whom, io) = calls.recv().await.unwrap();
        let mut outer = proxy.accept(io).await.unwrap();
        let asked = read_head(&mut outer).await;
        outer.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        outer.flush().await.unwrap();
        let inner = server.accept(outer).await.unwrap();
        let head = answer_on(inner, |head| head.switch(&[]).into()).await;
        (whom, asked, head)
    };
    let connecting = async { client.connect("wss://h.example/").await.map(drop) };
    let (outcome, (whom, asked, head)) = tokio::join!(connecting, play);
    outcome.unwrap();
    assert_eq!(whom, "p.example 443");
    assert!(asked.text().starts_with("CONNECT h.example:443 HTTP/1.1\r\n"));
    assert_eq!(asked.values("proxy-authorization"), ["Basic dTpodXNo"]);
    assert!(head.values("proxy-authorization").is_empty());
}

/// Checklist 5, 8, 9: who is not the proxy does not get its credentials.
#[tokio::test]
async fn a_proxy_with_a_certificate_of_a_strangers_is_told_nothing() {
    let (ours, theirs) = (named_authority("ours"), named_authority("theirs"));
    let (client, mut calls) = behind_tls(&ours, &theirs);
    // The server's authority says nothing about proxies.
    let impostor = Server::new(&ours, "p.example").acceptor();
    let play = async { impostor.accept(calls.recv().await.unwrap().1).await.map(drop) };
    let (outcome, accepted) = tokio::join!(client.connect("wss://h.example/"), play);
    let error = outcome.unwrap_err();
    assert_eq!((error.stage(), error.is_with_proxy()), (Stage::Tls, true));
    assert_eq!(error.to_string(), "TLS handshake with proxy p.example:443 failed");
    accepted.unwrap_err();
}

/// Checklist 21.
#[tokio::test]
async fn a_redirect_does_not_lead_out_of_tls() {
    let authority = authority();
    let acceptor = Server::new(&authority, "h.example").acceptor();
    let (dialer, mut calls) = switchboard();
    let client: ClientBuilder = Client::builder().tls(trusting(&authority).build());
    let client = client.dialer(dialer).follow_redirects(5).build();
    let play = async {
        let io = acceptor.accept(calls.recv().await.unwrap().1).await.unwrap();
        let away = b"HTTP/1.1 307 Away\r\nLocation: http://h.example/b\r\n\r\n";
        answer_on(io, |_| away.to_vec()).await;
    };
    let (outcome, _) = tokio::join!(client.connect("wss://h.example/a"), play);
    let error = outcome.unwrap_err();
    let expected = RedirectError::Downgrade("ws://h.example/b".into());
    assert_eq!(error.redirect_error(), Some(&expected));
}

/// Checklist 95: a client that stays connected does not ask again for a certificate that it does not trust.
#[tokio::test]
async fn an_untrusted_certificate_is_not_tried_again() {
    let (ours, theirs) = (named_authority("ours"), named_authority("theirs"));
    let acceptor = Server::new(&theirs, "h.example").acceptor();
    let (dialer, mut calls) = switchboard();
    let client = Client::builder().tls(trusting(&ours).build()).dialer(dialer).build();
    let mut link = client.reconnecting("wss://h.example/").build();
    let play = async { acceptor.accept(calls.recv().await.unwrap().1).await.map(drop) };
    let (event, accepted) = tokio::join!(link.next(), play);
    let Some(ReconnectEvent::Down { reason, retry_in: None, .. }) = event else {
        panic!("{event:?}")
    };
    assert_eq!(reason.to_string(), "TLS handshake with h.example:443 failed");
    accepted.unwrap_err();
    assert!(link.next().await.is_none());
}
