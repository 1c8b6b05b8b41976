//! The client's side of HTTP/1.1: a response in.

use super::{
    error::{HeadError, Malformed},
    head::{Head, fault, header_map, version},
};
use crate::handshake::limits::HandshakeLimits;
use bytes::Bytes;
use http::{Response, StatusCode};
use httparse::Header;

/// Reads the head of a response, however its bytes are cut; the work is linear in them.
///
/// Interim responses, such as 103 Early Hints, are passed over (RFC 9110 §15.2).
#[derive(Debug)]
pub struct ResponseReader {
    head: Head,
}

impl ResponseReader {
    /// A reader within these limits.
    pub const fn new(limits: HandshakeLimits) -> Self {
        Self { head: Head::new(limits) }
    }

    /// Takes bytes of the transport: `None` until the head is complete. Then the response, and the bytes
    /// after its head: the first frames (status 101), or the start of a body for
    /// [`BodyReader`](crate::BodyReader).
    ///
    /// # Errors
    /// The server broke HTTP/1.1 or passed a limit; there is nothing more to read.
    pub fn receive(
        &mut self,
        mut bytes: &[u8],
    ) -> Result<Option<(Response<()>, Bytes)>, HeadError> {
        while let Some(end) = self.head.receive(bytes)? {
            bytes = bytes.get(end..).unwrap_or_default();
            let response = self.head.take(parse)?;
            if !is_interim(response.status()) {
                return Ok(Some((response, Bytes::copy_from_slice(bytes))));
            }
        }
        Ok(None)
    }

    /// The error that it is when the transport ends here.
    pub const fn ended(&self) -> HeadError {
        self.head.ended()
    }
}

fn is_interim(status: StatusCode) -> bool {
    status.is_informational() && status != StatusCode::SWITCHING_PROTOCOLS
}

fn parse<'b>(bytes: &'b Bytes, headers: &mut [Header<'b>]) -> Result<Response<()>, HeadError> {
    let mut parsed = httparse::Response::new(headers);
    parsed.parse(bytes).map_err(|error| fault(error, bytes))?;
    let status = parsed.code.map(StatusCode::from_u16);
    let mut response = Response::new(());
    *response.status_mut() = status.and_then(Result::ok).ok_or(Malformed::StartLine)?;
    *response.version_mut() = version(parsed.version);
    *response.headers_mut() = header_map(bytes, parsed.headers)?;
    Ok(response)
}
