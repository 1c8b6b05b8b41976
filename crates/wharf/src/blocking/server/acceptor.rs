//! From a fresh stream to a request.

use super::{link::Link, request::Request};
use crate::{
    blocking::{
        clock::Until, stream::Stream, tls::Sealed, transport::Transport, websocket::WebSocket,
    },
    observe::{handshake::Handshake, span},
    server::{
        acceptor::Acceptor as AsyncAcceptor,
        error::{AcceptError, AcceptStage},
        sync::{Terms, late},
    },
};
use bytes::Bytes;
use std::fmt;
use wharf_proto::{HeadError, Offered, RequestReader, Role};

/// Bytes read at once: most requests come in one piece.
const READ: usize = 2048;

/// Accepts a WebSocket on a stream, by the default settings of [`Acceptor`](crate::Acceptor).
///
/// # Errors
/// As [`Acceptor::accept`] and [`Request::accept`].
///
/// # Blocking
/// At most ten seconds, and ten for the answer.
///
/// ```no_run
/// use std::{net::TcpListener, thread};
///
/// let listener = TcpListener::bind("127.0.0.1:9001")?;
/// for stream in listener.incoming() {
///     let stream = stream?;
///     thread::spawn(move || -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
///         let mut socket = wharf::blocking::accept(stream)?;
///         while let Some(message) = socket.recv()? {
///             socket.send(message)?;
///         }
///         Ok(())
///     });
/// }
/// # Ok::<_, std::io::Error>(())
/// ```
pub fn accept(io: impl Into<Stream>) -> Result<WebSocket, AcceptError> {
    Acceptor::from(AsyncAcceptor::default()).accept(io)?.accept()
}

/// Does the server's side of the opening handshake on any stream, with the settings of a
/// [`wharf::Acceptor`](crate::Acceptor); cheap to clone.
///
/// There is no cap on handshakes here: there are as many as threads that call [`accept`](Self::accept).
///
/// ```
/// use wharf::{Accept, Acceptor, Subprotocol};
///
/// let chat = Accept::new().subprotocols([Subprotocol::new("chat").unwrap()]);
/// let acceptor = wharf::blocking::Acceptor::from(Acceptor::builder().accept(chat).build());
/// ```
#[derive(Clone)]
pub struct Acceptor(Terms);

impl From<AsyncAcceptor> for Acceptor {
    fn from(acceptor: AsyncAcceptor) -> Self {
        Self(Terms::of(&acceptor))
    }
}

impl Acceptor {
    /// Reads a request from `io`, after the TLS handshake if there is TLS, and leaves the answer to the caller.
    ///
    /// # Errors
    /// The peer got its answer, if its request was at fault; the connection is closed.
    ///
    /// # Blocking
    /// For the acceptor's [`handshake_timeout`](crate::AcceptorBuilder::handshake_timeout), however steadily bytes
    /// come; once more for an answer that refuses, and two seconds until the peer has gone.
    pub fn accept(&self, io: impl Into<Stream>) -> Result<Request, AcceptError> {
        let mut handshake = Handshake::begin(Role::Server, span::of_stranger(Role::Server));
        let asked = handshake.open(|| self.ask(io.into()));
        let (head, offered, link, leftover) = asked.inspect_err(|error| handshake.fail(error))?;
        Ok(Request { head, offered, link, leftover, handshake })
    }

    fn ask(&self, io: Stream) -> Result<Asked, AcceptError> {
        let until = Until::within(self.0.within());
        let mut link = self.secure(io, until)?;
        let (head, leftover) = read_head(&mut link, until)?;
        match link.terms.examine(&head) {
            Ok(offered) => Ok((head, offered, link, leftover)),
            Err(no) => {
                link.try_to_end_with(&no.response, Some(head.method()));
                Err(no.error)
            }
        }
    }

    #[cfg(feature = "rustls")]
    fn secure(&self, io: Stream, until: Until) -> Result<Link, AcceptError> {
        use crate::{
            blocking::tls::Session,
            server::sync::{admit, failed},
        };
        let session = self.0.tls().map(Session::server).transpose();
        let session = session.map_err(|error| failed(AcceptStage::Tls, error))?;
        let mut link = self.link(Transport::new(io.0, session));
        let shaken = link.transport.shake_hands(&mut link.sealed, until);
        shaken.map_err(|broken| link.by(AcceptStage::Tls, broken))?;
        let agreed = link.transport.session().map(|session| session.look(admit));
        match agreed {
            Some(Err(error)) => Err(failed(AcceptStage::Tls, error)),
            Some(Ok(())) | None => Ok(link),
        }
    }

    /// The connection as it is: this build knows no TLS.
    #[cfg(not(feature = "rustls"))]
    fn secure(&self, io: Stream, _until: Until) -> Result<Link, AcceptError> {
        Ok(self.link(Transport::new(io.0, None)))
    }

    fn link(&self, transport: Transport) -> Link {
        Link { transport, sealed: Sealed::default(), terms: self.0.clone() }
    }
}

type Asked = (http::Request<()>, Offered, Link, Bytes);

/// The head of the request, and what came after it.
fn read_head(link: &mut Link, until: Until) -> Result<(http::Request<()>, Bytes), AcceptError> {
    let mut reader = RequestReader::new(link.terms.limits());
    let mut bytes = [0; READ];
    loop {
        match link.read(&mut bytes, until) {
            Ok(0) => return Err(AcceptError::Left(AcceptStage::Request)),
            Ok(count) => match reader.receive(&bytes[..count]) {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                Err(error) => {
                    let refusal = wharf_proto::Refusal::from(error);
                    link.try_to_end_with(&refusal.response(), None);
                    return Err(AcceptError::Request(refusal));
                }
            },
            Err(broken) => {
                let error = link.by(AcceptStage::Request, broken);
                let begun = reader.ended() != HeadError::Ended(0);
                // Who has said nothing, such as a browser's spare connection, expects no answer.
                if begun && matches!(error, AcceptError::TimedOut(..)) {
                    link.try_to_end_with(&late(), None);
                }
                return Err(error);
            }
        }
    }
}

impl fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acceptor").finish_non_exhaustive()
    }
}
