//! What a server does unasked, and how it ends a connection inside TLS.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use wharf::Acceptor;

const REQUEST: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

/// Asks, and reads the head of the answer.
async fn switched(io: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> String {
    io.write_all(REQUEST.as_bytes()).await.unwrap();
    io.flush().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(io.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

/// RFC 7692 §8; checklist 122: secrets beside text that an attacker chooses leak through compression, so a
/// server compresses nothing unless it is told to.
#[tokio::test]
async fn compression_is_declined_unless_the_server_was_told_otherwise() {
    let (mut near, far) = duplex(1024);
    let acceptor = Acceptor::default();
    let accepted = async { acceptor.accept(far).await.unwrap().accept().await.unwrap() };
    let (socket, head) = tokio::join!(accepted, switched(&mut near));
    assert!(!head.to_lowercase().contains("sec-websocket-extensions"), "{head}");
    #[cfg(feature = "deflate")]
    assert!(socket.agreement().deflate.is_none());
    drop(socket);
}

#[cfg(feature = "rustls")]
mod tls {
    use super::switched;
    use rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName},
    };
    use std::sync::Arc;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio_rustls::TlsConnector;
    use wharf::{Acceptor, CloseCode, ServerTls};

    fn pair() -> (Acceptor, TlsConnector) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = made.signing_key.serialize_pem();
        let tls = ServerTls::from_pem(made.cert.pem().as_bytes(), key.as_bytes()).unwrap();
        (Acceptor::builder().tls(tls).build(), connector(made.cert.der().clone()))
    }

    fn connector(trusted: CertificateDer<'static>) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(trusted).unwrap();
        let config = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }

    /// RFC 6455 §7.1.1, RFC 8446 §6.1; checklist 89: both Closes, then close_notify. Without it the read to
    /// the end would be an error.
    #[tokio::test]
    async fn a_websocket_inside_tls_ends_with_close_notify() {
        let (acceptor, connector) = pair();
        let (near, far) = duplex(64 << 10);
        let server = async {
            let mut socket = acceptor.accept(far).await.unwrap().accept().await.unwrap();
            socket.close(CloseCode::NORMAL).await
        };
        let client = async {
            let name = ServerName::try_from("localhost").unwrap();
            let mut tls = connector.connect(name, near).await.unwrap();
            switched(&mut tls).await;
            let mut close = [0; 4];
            tls.read_exact(&mut close).await.unwrap();
            assert_eq!(close, [0x88, 2, 3, 0xe8]);
            tls.write_all(&[0x88, 0x82, 0, 0, 0, 0, 3, 0xe8]).await.unwrap();
            tls.flush().await.unwrap();
            tls.read_to_end(&mut Vec::new()).await.expect("close_notify came")
        };
        let (ending, rest) = tokio::join!(server, client);
        assert_eq!((ending.is_clean(), rest), (true, 0));
    }
}
