//! Peers of all kinds, and a bound on every test.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{RecvTimeoutError, channel},
    thread::{self, JoinHandle},
    time::Duration,
};
use tokio::runtime::Runtime;
use wharf::{
    Agreement, Bytes, Config, Ending, Role,
    blocking::{Acceptor, Client, WebSocket},
};
use wharf_testkit::{Frame, read_frame};

/// Longer than any test takes; a test that hangs fails.
const BOUND: Duration = Duration::from_secs(300);

/// Runs a test in a thread of its own.
pub(crate) fn bounded<T: Send + 'static>(test: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, waiting) = channel();
    let running = thread::spawn(move || {
        let outcome = test();
        // Nobody waits any more, perhaps.
        let _ = done.send(());
        outcome
    });
    assert_ne!(waiting.recv_timeout(BOUND), Err(RecvTimeoutError::Timeout), "it hangs");
    running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Both ends of a TCP connection.
pub(crate) fn tcp() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (far, _) = listener.accept().unwrap();
    (near, far)
}

/// A client and a server, with nothing negotiated.
pub(crate) fn pair(client: Config, server: Config) -> (WebSocket, WebSocket) {
    let (near, far) = tcp();
    (open(near, client, Role::Client), open(far, server, Role::Server))
}

pub(crate) fn open(
    io: impl Into<wharf::blocking::Stream>,
    config: Config,
    role: Role,
) -> WebSocket {
    WebSocket::over(io, role, Agreement::default(), Bytes::new(), config).unwrap()
}

/// A server, and its client made of bytes.
pub(crate) fn server(config: Config) -> (WebSocket, Raw) {
    let (near, far) = tcp();
    (open(far, config, Role::Server), Raw::new(near))
}

/// Sends back what comes, until the end.
pub(crate) fn echo(mut socket: WebSocket) -> Ending {
    while let Some(message) = socket.recv().unwrap() {
        socket.send(message).unwrap();
    }
    socket.ending().unwrap()
}

/// A blocking server of one connection, which echoes.
pub(crate) fn echo_server(acceptor: Acceptor) -> (SocketAddr, JoinHandle<Ending>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serving = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        echo(acceptor.accept(stream).unwrap().accept().unwrap())
    });
    (address, serving)
}

/// An async server that echoes; it lives as long as its runtime.
pub(crate) fn async_echo_server(acceptor: wharf::Acceptor) -> (SocketAddr, Runtime) {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(wharf::Server::bind("127.0.0.1:0")).unwrap();
    let address = server.local_addr().unwrap();
    runtime.spawn(server.with_acceptor(acceptor).serve(async |mut socket| {
        while let Some(message) = socket.recv().await? {
            socket.send(message).await?;
        }
        Ok::<_, wharf::Error>(())
    }));
    (address, runtime)
}

/// The client with its defaults.
pub(crate) fn client() -> Client {
    wharf::Client::default().into()
}

/// A peer made of bytes.
pub(crate) struct Raw {
    pub(crate) io: TcpStream,
    unread: Vec<u8>,
}

impl Raw {
    pub(crate) fn new(io: TcpStream) -> Self {
        io.set_nodelay(true).unwrap();
        io.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        Self { io, unread: Vec::new() }
    }

    pub(crate) fn send(&mut self, frame: &Frame) {
        self.io.write_all(&frame.bytes()).unwrap();
    }

    /// A frame of a client.
    pub(crate) fn send_masked(&mut self, frame: Frame) {
        self.send(&frame.masked([1, 2, 3, 4]));
    }

    /// The next frame; `None` at the end, and a reset is one.
    pub(crate) fn frame(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, used)) = read_frame(&self.unread) {
                self.unread.drain(..used);
                return Some(frame);
            }
            let mut room = [0; 16 << 10];
            match self.io.read(&mut room) {
                Ok(0) => return None,
                Ok(count) => self.unread.extend_from_slice(&room[..count]),
                Err(error) => {
                    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
                    return None;
                }
            }
        }
    }

    /// The code of the Close that is the next frame.
    pub(crate) fn close_code(&mut self) -> u16 {
        self.frame().unwrap().close_code().unwrap().0
    }
}
