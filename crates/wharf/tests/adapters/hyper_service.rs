//! hyper 1 without a framework, on streams of any kind.

use crate::support::{echo, hears, with};
use http::Request;
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{convert::Infallible, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, DuplexStream, duplex},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};
use wharf::{
    Bytes, Client, WebSocket,
    hyper::{Opening, UpgradeError, UpgradeRejection, Upgrader, upgrade},
};

/// What hyper does with the connection after a 101.
#[derive(Clone, Copy)]
enum Upgrades {
    Yes,
    No,
}

/// Serves one stream; each socket comes as its future.
fn serve<S>(stream: S, upgrader: Upgrader, upgrades: Upgrades) -> UnboundedReceiver<Opening>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (tell, told) = unbounded_channel();
    let answer = move |mut request: Request<Incoming>| {
        let upgrade = upgrader.upgrade(&mut request).unwrap();
        let (response, opening) = upgrade.accept().unwrap();
        tell.send(opening).unwrap();
        async { Ok::<_, Infallible>(response.map(|()| Full::new(Bytes::new()))) }
    };
    let connection =
        http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
    tokio::spawn(async move {
        match upgrades {
            Upgrades::Yes => connection.with_upgrades().await,
            Upgrades::No => connection.await,
        }
    });
    told
}

async fn opened(mut told: UnboundedReceiver<Opening>) -> Result<WebSocket, UpgradeError> {
    told.recv().await.unwrap().await
}

/// Each end asks and answers over this pair.
async fn talks<C, S>(client: C, server: S, upgrader: Upgrader)
where
    C: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let told = serve(server, upgrader, Upgrades::Yes);
    let connecting = async { Client::default().connect_over(client, "ws://localhost/").await };
    let (client, server) = tokio::join!(connecting, opened(told));
    tokio::spawn(echo(server.unwrap()));
    let mut client = client.unwrap();
    hears(&mut client, "hello").await;
    hears(&mut client, &"long ".repeat(50_000)).await;
    assert!(client.close(wharf::CloseCode::NORMAL).await.is_clean());
}

#[tokio::test]
async fn a_stream_of_any_kind_talks_named_or_not() {
    let (client, server) = duplex(4096);
    talks(client, server, Upgrader::new()).await;
    let (client, server) = duplex(4096);
    talks(client, server, Upgrader::new().stream::<DuplexStream>()).await;
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn tls_under_hyper_talks() {
    use rustls::{
        ClientConfig, RootCertStore, ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, ServerName},
    };
    use std::sync::Arc;
    use tokio::net::{TcpListener, TcpStream};
    use tokio_rustls::{TlsAcceptor, TlsConnector};

    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let server = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let client = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (near, far) = tokio::join!(TcpStream::connect(address), listener.accept());
    let name = ServerName::try_from("localhost").unwrap();
    let connector = TlsConnector::from(Arc::new(client));
    let acceptor = TlsAcceptor::from(Arc::new(server));
    let (client, server) =
        tokio::join!(connector.connect(name, near.unwrap()), acceptor.accept(far.unwrap().0));
    talks(client.unwrap(), server.unwrap(), Upgrader::new()).await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_no_answer_is_given_up() {
    // The request is read as it comes; the 101 does not fit, and nobody reads it.
    let (mut client, server) = duplex(16);
    let upgrader = Upgrader::new().timeout(Duration::from_secs(3));
    let told = serve(server, upgrader, Upgrades::Yes);
    client.write_all(with(&[]).as_bytes()).await.unwrap();
    let error = opened(told).await.unwrap_err();
    assert!(matches!(error, UpgradeError::TimedOut(within) if within == Duration::from_secs(3)));
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_is_told_of() {
    let (mut client, server) = duplex(16);
    let told = serve(server, Upgrader::new(), Upgrades::Yes);
    client.write_all(with(&[]).as_bytes()).await.unwrap();
    drop(client);
    assert!(matches!(opened(told).await.unwrap_err(), UpgradeError::Left));
}

#[tokio::test]
async fn a_connection_that_hyper_keeps_is_an_error_that_says_what_to_do() {
    let (mut client, server) = duplex(4096);
    let told = serve(server, Upgrader::new(), Upgrades::No);
    client.write_all(with(&[]).as_bytes()).await.unwrap();
    let error = opened(told).await.unwrap_err();
    assert!(matches!(error, UpgradeError::Kept(_)), "{error:?}");
    assert!(error.to_string().contains("with_upgrades()"), "{error}");
}

#[test]
fn a_request_that_is_refused_stays_as_it_was() {
    let mut request = Request::new("body");
    request.extensions_mut().insert(7_u8);
    let rejection = upgrade(&mut request).unwrap_err();
    assert!(rejection.is_plain());
    assert_eq!(rejection.status(), rejection.response().status());
    assert_eq!(request.extensions().get::<u8>(), Some(&7));
    assert!(!UpgradeRejection::NoConnection.is_plain());
}
