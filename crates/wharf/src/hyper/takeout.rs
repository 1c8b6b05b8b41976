//! The stream that hyper was given, out of the boxes that it hands over.

use crate::transport::Transport;
use ::hyper::upgrade::Upgraded;
use bytes::{Bytes, BytesMut};
use hyper_util::{rt::TokioIo, server::conn::auto};
use std::sync::Arc;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
#[cfg(feature = "rustls")]
use tokio_rustls::server::TlsStream;

/// The stream, and what hyper has read behind the request.
pub(super) struct Taken {
    pub(super) transport: Transport,
    pub(super) leftover: Bytes,
    pub(super) way: Way,
}

/// How the stream came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// As it was given to hyper.
    Whole,
    /// Inside hyper's box: nobody knows its type.
    Boxed,
}

/// Takes the stream out, if it has the type that this is for.
type Known = fn(Upgraded) -> Result<Taken, Upgraded>;

/// The same for a type that only the user knows.
pub(super) type Own = Arc<dyn Fn(Upgraded) -> Result<Taken, Upgraded> + Send + Sync>;

/// What HTTP servers listen on.
const KNOWN: &[Known] = &[
    |upgraded| whole(upgraded, prompt),
    #[cfg(feature = "rustls")]
    |upgraded| whole(upgraded, |tls: &TlsStream<TcpStream>| prompt(tls.get_ref().0)),
    #[cfg(unix)]
    |upgraded| whole(upgraded, |_: &UnixStream| {}),
];

/// The stream by the shortest way there is. A comparison of types costs next to nothing.
pub(super) fn take_out(mut upgraded: Upgraded, own: &[Own]) -> Taken {
    for known in KNOWN {
        upgraded = match known(upgraded) {
            Ok(taken) => return taken,
            Err(back) => back,
        };
    }
    for own in own {
        upgraded = match own(upgraded) {
            Ok(taken) => return taken,
            Err(back) => back,
        };
    }
    let transport = Transport::new(TokioIo::new(upgraded));
    Taken { transport, leftover: Bytes::new(), way: Way::Boxed }
}

fn whole<S>(upgraded: Upgraded, settle: impl Fn(&S)) -> Result<Taken, Upgraded>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (stream, leftover) = served(upgraded)?;
    settle(&stream);
    Ok(Taken { transport: Transport::new(stream), leftover, way: Way::Whole })
}

/// What is inside of a wrapper, and behind what hyper has read what the wrapper has.
pub(super) fn unwrapped<S, T>(
    upgraded: Upgraded,
    take: impl Fn(S) -> (T, Bytes),
) -> Result<Taken, Upgraded>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (wrapper, first) = served(upgraded)?;
    let (stream, second) = take(wrapper);
    let transport = Transport::new(stream);
    if let Transport::Tcp(tcp) = &transport {
        prompt(tcp);
    }
    Ok(Taken { transport, leftover: joined(first, second), way: Way::Whole })
}

/// An `S`, if hyper or hyper-util's `auto` served it as tokio's.
fn served<S>(upgraded: Upgraded) -> Result<(S, Bytes), Upgraded>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    match upgraded.downcast::<TokioIo<S>>() {
        Ok(parts) => Ok((parts.io.into_inner(), parts.read_buf)),
        Err(back) => {
            let parts = auto::upgrade::downcast::<TokioIo<S>>(back)?;
            Ok((parts.io.into_inner(), parts.read_buf))
        }
    }
}

fn joined(first: Bytes, second: Bytes) -> Bytes {
    if second.is_empty() {
        return first;
    }
    let mut both = BytesMut::from(first);
    both.extend_from_slice(&second);
    both.freeze()
}

/// As for connections that wharf accepts: a frame is written whole, and waits for nothing.
fn prompt(tcp: &TcpStream) {
    if let Err(error) = tcp.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was not set");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::hyper::{Request, Response, body::Incoming, service::service_fn, upgrade::OnUpgrade};
    use http_body_util::Empty;
    use hyper_util::rt::TokioExecutor;
    use std::{convert::Infallible, future::ready, net::Ipv4Addr};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
        net::TcpListener,
        sync::mpsc,
    };

    /// A request, and at once what comes behind it.
    const ASKED: &[u8] =
        b"GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nearly";

    #[derive(Debug, Clone, Copy)]
    enum By {
        Http1,
        Auto,
    }

    /// What comes of a stream that hyper serves, when `client` asks at its other end.
    async fn taken<S, C>(by: By, stream: S, mut client: C, own: &[Own]) -> Taken
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
        C: AsyncRead + AsyncWrite + Unpin,
    {
        let (tell, mut told) = mpsc::unbounded_channel::<OnUpgrade>();
        let service = service_fn(move |mut request: Request<Incoming>| {
            tell.send(::hyper::upgrade::on(&mut request)).unwrap();
            let response = Response::builder().status(101).header("upgrade", "websocket");
            ready(Ok::<_, Infallible>(response.body(Empty::<Bytes>::new()).unwrap()))
        });
        let io = TokioIo::new(stream);
        tokio::spawn(async move {
            match by {
                By::Http1 => {
                    let http1 = ::hyper::server::conn::http1::Builder::new();
                    http1.serve_connection(io, service).with_upgrades().await.unwrap();
                }
                By::Auto => {
                    let auto = auto::Builder::new(TokioExecutor::new());
                    auto.serve_connection_with_upgrades(io, service).await.unwrap();
                }
            }
        });
        client.write_all(ASKED).await.unwrap();
        client.flush().await.unwrap();
        let upgraded = told.recv().await.unwrap().await.unwrap();
        take_out(upgraded, own)
    }

    async fn tcp() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (near, far) = tokio::join!(TcpStream::connect(address), listener.accept());
        (near.unwrap(), far.unwrap().0)
    }

    #[tokio::test]
    async fn a_tcp_stream_comes_out_whole_with_what_was_read_and_without_delay() {
        for by in [By::Http1, By::Auto] {
            let (client, server) = tcp().await;
            server.set_nodelay(false).unwrap();
            let taken = taken(by, server, client, &[]).await;
            assert_eq!(taken.way, Way::Whole, "{by:?}");
            assert_eq!(&taken.leftover[..], b"early");
            let Transport::Tcp(tcp) = taken.transport else { panic!("{by:?}: boxed") };
            assert!(tcp.nodelay().unwrap());
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_unix_stream_comes_out_whole() {
        for by in [By::Http1, By::Auto] {
            let (client, server) = UnixStream::pair().unwrap();
            let taken = taken(by, server, client, &[]).await;
            assert!(matches!(taken.transport, Transport::Unix(_)), "{by:?}");
            assert_eq!(&taken.leftover[..], b"early");
        }
    }

    #[cfg(feature = "rustls")]
    #[tokio::test]
    async fn a_tls_stream_comes_out_whole() {
        use rustls::{ClientConfig, RootCertStore, ServerConfig, pki_types::PrivateKeyDer};
        use rustls::{crypto::ring, pki_types::ServerName};
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
        let acceptor = TlsAcceptor::from(Arc::new(server));
        let connector = TlsConnector::from(Arc::new(client));
        for by in [By::Http1, By::Auto] {
            let (near, far) = tcp().await;
            let name = ServerName::try_from("localhost").unwrap();
            let (client, server) =
                tokio::join!(connector.connect(name, near), acceptor.accept(far));
            let taken = taken(by, server.unwrap(), client.unwrap(), &[]).await;
            assert_eq!(taken.way, Way::Whole, "{by:?}");
            assert_eq!(&taken.leftover[..], b"early");
        }
    }

    #[tokio::test]
    async fn a_stream_of_an_unknown_type_goes_on_inside_the_box() {
        for by in [By::Http1, By::Auto] {
            let (client, server) = duplex(1024);
            let mut taken = taken(by, server, client, &[]).await;
            assert_eq!((taken.way, taken.leftover.len()), (Way::Boxed, 0), "{by:?}");
            let mut early = [0; 5];
            taken.transport.read_exact(&mut early).await.unwrap();
            assert_eq!(&early, b"early");
        }
    }

    #[tokio::test]
    async fn a_type_that_the_user_names_comes_out_whole() {
        let own: Own = Arc::new(|upgraded| {
            unwrapped(upgraded, |stream: DuplexStream| (stream, Bytes::from_static(b" bird")))
        });
        for by in [By::Http1, By::Auto] {
            let (client, server) = duplex(1024);
            let taken = taken(by, server, client, &[Arc::clone(&own)]).await;
            assert_eq!(taken.way, Way::Whole, "{by:?}");
            assert_eq!(&taken.leftover[..], b"early bird");
        }
    }
}
