//! Settings of the async client: what is followed, and what is refused instead of passed over.

use super::support::{bounded, tcp};
use http::HeaderMap;
use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    thread,
};
use wharf::{
    BoxFuture, Client, ClientBuilder, Dial, Dialled, Proxy, Resolve, Stage, TcpOptions,
    blocking::{self, Unsupported},
};

/// Never asked.
struct Unused;

impl Resolve for Unused {
    fn resolve<'a>(&'a self, _: &'a str, _: u16) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async { unreachable!("nobody resolves") })
    }
}

impl Dial for Unused {
    fn dial<'a>(&'a self, _: &'a str, _: u16) -> BoxFuture<'a, io::Result<Dialled>> {
        Box::pin(async { unreachable!("nobody dials") })
    }
}

fn made_per_attempt() -> ClientBuilder {
    Client::builder().headers_per_attempt(|_| async { Ok::<_, io::Error>(HeaderMap::new()) })
}

fn proxied() -> ClientBuilder {
    Client::builder().proxy(Proxy::new("http://127.0.0.1:9").unwrap())
}

/// A client with a proxy must not connect directly behind the user's back.
#[test]
fn what_cannot_be_followed_is_refused_and_nobody_is_connected_to() {
    bounded(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        for (builder, setting, stage) in [
            (made_per_attempt(), Unsupported::HeadersPerAttempt, Stage::Headers),
            (proxied(), Unsupported::Proxy, Stage::Proxy),
            (Client::builder().dialer(Unused), Unsupported::Dialer, Stage::Connect),
            (Client::builder().resolver(Unused), Unsupported::Resolver, Stage::Resolve),
            (Client::builder().follow_redirects(3), Unsupported::Redirects, Stage::Upgrade),
        ] {
            let error = blocking::Client::from(builder.build()).connect(&url).unwrap_err();
            assert_eq!((error.unsupported(), error.stage()), (Some(&setting), stage));
            assert!(error.to_string().contains("was not asked: the blocking client"), "{error}");
        }
        listener.set_nonblocking(true).unwrap();
        let nobody = listener.accept().map(drop).unwrap_err();
        assert_eq!(nobody.kind(), io::ErrorKind::WouldBlock);
    });
}

/// A server's end that refuses, and gives the head that it was asked with.
fn head(mut far: TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        far.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    far.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").unwrap();
    String::from_utf8(head).unwrap()
}

#[test]
fn headers_cookies_and_credentials_are_sent() {
    bounded(|| {
        let (near, far) = tcp();
        let asked = thread::spawn(move || head(far));
        let builder = Client::builder().header("x-tag", "1").unwrap().cookie("a", "b").unwrap();
        let client = blocking::Client::from(builder.build());
        let error = client.connect_over(near, "ws://Aladdin:open%20sesame@h/x").unwrap_err();
        assert!(error.is_refused(), "{error}");
        let head = asked.join().unwrap().to_lowercase();
        for line in [
            "x-tag: 1\r\n",
            "cookie: a=b\r\n",
            "authorization: basic qwxhzgrpbjpvcgvuihnlc2ftzq==\r\n",
        ] {
            assert!(head.contains(line), "{line}{head}");
        }
    });
}

/// Without a proxy for this URL, and over a stream, there is nothing to refuse.
#[test]
fn a_proxy_that_is_not_for_this_url_is_in_nobodys_way() {
    bounded(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let asked = thread::spawn(move || {
            (0..2).map(|_| head(listener.accept().unwrap().0)).collect::<Vec<_>>()
        });
        let proxy = Proxy::new("http://127.0.0.1:9").unwrap().except("127.0.0.1");
        let excepted = blocking::Client::from(Client::builder().proxy(proxy).build());
        assert!(excepted.connect(&url).unwrap_err().is_refused());
        let address = url.trim_start_matches("ws://").trim_end_matches('/');
        let stream = TcpStream::connect(address).unwrap();
        let client = blocking::Client::from(proxied().build());
        assert!(client.connect_over(stream, &url).unwrap_err().is_refused());
        assert_eq!(asked.join().unwrap().len(), 2);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn tcp_options_are_followed() {
    bounded(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let local = Ipv4Addr::new(127, 0, 0, 9);
        let from = thread::spawn(move || {
            let (stream, from) = listener.accept().unwrap();
            head(stream);
            from.ip()
        });
        let options = TcpOptions::new().local_address(local.into());
        let client = blocking::Client::from(Client::builder().tcp(options).build());
        assert!(client.connect(&url).unwrap_err().is_refused());
        assert_eq!(from.join().unwrap(), local);
    });
}
