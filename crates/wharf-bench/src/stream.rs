//! A socket that never blocks, with or without TLS.

use crate::target::Security;
use mio::{Interest, Registry, Token, net::TcpStream};
use rustls::{ClientConnection, StreamOwned};
use std::{
    io::{self, Read, Write},
    net::SocketAddr,
    sync::Arc,
};

/// A socket.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Stream {
    /// Begins to connect.
    pub(crate) fn dial(address: SocketAddr, security: &Security) -> io::Result<Self> {
        let socket = TcpStream::connect(address)?;
        Ok(match security {
            Security::Plain => Self::Plain(socket),
            Security::Tls(config, name) => {
                let tls = ClientConnection::new(Arc::clone(config), name.clone());
                Self::Tls(Box::new(StreamOwned::new(tls.map_err(io::Error::other)?, socket)))
            }
        })
    }

    fn socket(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(tls) => &mut tls.sock,
        }
    }

    pub(crate) fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        registry.register(self.socket(), token, Interest::READABLE | Interest::WRITABLE)
    }

    pub(crate) fn deregister(&mut self, registry: &Registry) {
        // It is closed next, which ends the registration as well.
        let _ = registry.deregister(self.socket());
    }

    /// Whether the connection is there: an error says why not.
    pub(crate) fn is_connected(&mut self) -> io::Result<bool> {
        let socket = self.socket();
        if let Some(error) = socket.take_error()? {
            return Err(error);
        }
        match socket.peer_addr() {
            Ok(_) => socket.set_nodelay(true).map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Reads; `None` if nothing is there, 0 at the end.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        match self {
            Self::Plain(socket) => ready(|| socket.read(buffer)),
            Self::Tls(tls) => ready(|| tls.read(buffer)),
        }
    }

    /// Writes; 0 if there is no room.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self {
            Self::Plain(socket) => ready(|| socket.write(bytes)),
            Self::Tls(tls) => ready(|| tls.write(bytes)),
        };
        Ok(written?.unwrap_or(0))
    }

    /// Writes what TLS holds back, as far as there is room.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Tls(tls) => ready(|| tls.flush()).map(|_| ()),
        }
    }

    /// Counts the bytes that came and drops them: Linux does so without copying them (tcp(7), MSG_TRUNC), up to the
    /// length of `scratch`, which stays untouched.
    #[cfg(target_os = "linux")]
    pub(crate) fn discard(&mut self, scratch: &mut [u8]) -> io::Result<Option<usize>> {
        use rustix::net::{RecvFlags, recv};
        match self {
            Self::Plain(socket) => ready(|| {
                Ok(recv(&*socket, &mut *scratch, RecvFlags::TRUNC).map(|(_, count)| count)?)
            }),
            Self::Tls(_) => self.read(scratch),
        }
    }

    /// Counts the bytes that came and drops them.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn discard(&mut self, scratch: &mut [u8]) -> io::Result<Option<usize>> {
        self.read(scratch)
    }
}

/// `None` if it would block.
fn ready<T>(mut act: impl FnMut() -> io::Result<T>) -> io::Result<Option<T>> {
    loop {
        match act() {
            Ok(done) => return Ok(Some(done)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
