//! TLS that two threads use at once.

use super::raw::Input;
use rustls::{ClientConfig, Connection, ServerConfig, pki_types::ServerName};
use std::{
    io::{self, ErrorKind, Read, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A session of rustls. It is locked to encrypt and to decrypt, and never while anybody waits for the network.
pub(crate) struct Session(Mutex<Connection>);

/// Ciphertext that came and was not decrypted; the reader's own.
#[derive(Default)]
pub(crate) struct Sealed {
    bytes: Box<[u8]>,
    start: usize,
    end: usize,
}

/// One read takes at most this much: the longest record, with its header.
const READ: usize = 17 << 10;

impl Session {
    pub(crate) fn client(config: Arc<ClientConfig>, name: ServerName<'static>) -> io::Result<Self> {
        let client = rustls::ClientConnection::new(config, name).map_err(invalid)?;
        Ok(Self(Mutex::new(client.into())))
    }

    pub(crate) fn server(config: Arc<ServerConfig>) -> io::Result<Self> {
        let server = rustls::ServerConnection::new(config).map_err(invalid)?;
        Ok(Self(Mutex::new(server.into())))
    }

    pub(crate) fn is_handshaking(&self) -> bool {
        self.lock().is_handshaking()
    }

    /// The session, to be asked about the peer.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Connection) -> T) -> T {
        look(&self.lock())
    }

    /// Decrypts what has come: `Nothing` if more of it is needed.
    pub(crate) fn open(&self, sealed: &mut Sealed, room: &mut [u8]) -> io::Result<Input> {
        let mut session = self.lock();
        loop {
            match session.reader().read(room) {
                Ok(0) => return Ok(Input::End),
                Ok(count) => return Ok(Input::Bytes(count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
            if sealed.is_empty() {
                return Ok(Input::Nothing);
            }
            feed(&mut session, sealed)?;
        }
    }

    /// Goes on with the handshake, as far as what has come allows.
    pub(crate) fn go_on(&self, sealed: &mut Sealed) -> io::Result<()> {
        let mut session = self.lock();
        while session.is_handshaking() && !sealed.is_empty() {
            feed(&mut session, sealed)?;
        }
        Ok(())
    }

    /// Encrypts, and returns how much of `plain` that was.
    pub(crate) fn seal(&self, plain: &[u8], wire: &mut Vec<u8>) -> io::Result<usize> {
        let mut session = self.lock();
        let count = session.writer().write(plain)?;
        drain(&mut session, wire)?;
        Ok(count)
    }

    /// Whether records wait to be [`drain`](Self::drain)ed.
    pub(crate) fn has_records(&self) -> bool {
        self.lock().wants_write()
    }

    /// Records of rustls's own that wait: of the handshake, of a new key, alerts.
    pub(crate) fn drain(&self, wire: &mut Vec<u8>) -> io::Result<()> {
        drain(&mut self.lock(), wire)
    }

    /// Says that nothing more will come (RFC 8446 §6.1).
    pub(crate) fn say_goodbye(&self, wire: &mut Vec<u8>) -> io::Result<()> {
        let mut session = self.lock();
        session.send_close_notify();
        drain(&mut session, wire)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sealed {
    pub(crate) const fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Room to read into; only when nothing is sealed.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        if self.bytes.is_empty() {
            self.bytes = vec![0; READ].into_boxed_slice();
        }
        &mut self.bytes
    }

    pub(crate) const fn filled(&mut self, count: usize) {
        (self.start, self.end) = (0, count);
    }
}

fn feed(session: &mut Connection, sealed: &mut Sealed) -> io::Result<()> {
    let mut rest = &sealed.bytes[sealed.start..sealed.end];
    session.read_tls(&mut rest)?;
    sealed.start = sealed.end - rest.len();
    session.process_new_packets().map_err(invalid)?;
    Ok(())
}

fn drain(session: &mut Connection, wire: &mut Vec<u8>) -> io::Result<()> {
    while session.wants_write() {
        session.write_tls(wire)?;
    }
    Ok(())
}

fn invalid(error: rustls::Error) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}
