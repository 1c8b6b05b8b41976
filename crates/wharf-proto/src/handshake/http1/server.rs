//! The server's side of HTTP/1.1: a request in.

use super::{
    error::{HeadError, Malformed},
    head::{Head, fault, header_map, version},
};
use crate::handshake::limits::HandshakeLimits;
use bytes::Bytes;
use http::{Method, Request, Uri};
use httparse::Header;

/// Reads the head of a request, however its bytes are cut; the work is linear in them.
#[derive(Debug)]
pub struct RequestReader {
    head: Head,
}

impl RequestReader {
    /// A reader within these limits.
    pub const fn new(limits: HandshakeLimits) -> Self {
        Self { head: Head::new(limits) }
    }

    /// Takes bytes of the transport: `None` until the head is complete. Then the request, and the bytes after
    /// its head, which are the first frames once the request is accepted.
    ///
    /// # Errors
    /// The client broke HTTP/1.1 or passed a limit: answer with [`Refusal::from`](crate::Refusal) and end the
    /// connection.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<Option<(Request<()>, Bytes)>, HeadError> {
        let Some(end) = self.head.receive(bytes)? else { return Ok(None) };
        let leftover = bytes.get(end..).unwrap_or_default();
        Ok(Some((self.head.take(parse)?, Bytes::copy_from_slice(leftover))))
    }

    /// The error that it is when the transport ends here.
    pub const fn ended(&self) -> HeadError {
        self.head.ended()
    }
}

fn parse<'b>(bytes: &'b Bytes, headers: &mut [Header<'b>]) -> Result<Request<()>, HeadError> {
    let mut parsed = httparse::Request::new(headers);
    parsed.parse(bytes).map_err(|error| fault(error, bytes))?;
    let method = Method::from_bytes(parsed.method.unwrap_or_default().as_bytes());
    let target =
        Uri::from_maybe_shared(bytes.slice_ref(parsed.path.unwrap_or_default().as_bytes()));
    let mut request = Request::new(());
    *request.method_mut() = method.map_err(|_| Malformed::StartLine)?;
    *request.uri_mut() = target.map_err(|_| Malformed::Target)?;
    *request.version_mut() = version(parsed.version);
    *request.headers_mut() = header_map(bytes, parsed.headers)?;
    Ok(request)
}
