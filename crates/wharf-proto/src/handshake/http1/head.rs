//! A head of HTTP/1.1, collected as its bytes arrive.

use super::{
    error::{HeadError, HeadLimit, Malformed},
    scan::Scan,
};
use crate::handshake::limits::HandshakeLimits;
use alloc::{vec, vec::Vec};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Version};
use httparse::{EMPTY_HEADER, Header};

/// The head under way.
#[derive(Debug)]
pub(crate) struct Head {
    bytes: Vec<u8>,
    scan: Scan,
    limits: HandshakeLimits,
}

/// Most heads have no more headers: these need no memory of their own.
const FEW: usize = 16;

impl Head {
    pub(crate) const fn new(limits: HandshakeLimits) -> Self {
        Self { bytes: Vec::new(), scan: Scan::new(), limits }
    }

    /// Takes bytes up to the end of the head; how many, if that end is among them.
    pub(crate) fn receive(&mut self, bytes: &[u8]) -> Result<Option<usize>, HeadError> {
        let end = self.scan.find_end(bytes, &self.limits)?;
        self.bytes.extend_from_slice(bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default());
        Ok(end)
    }

    /// Lets `parse` read the head, whole, with room for its headers; then starts anew.
    pub(crate) fn take<T>(
        &mut self,
        parse: for<'b> fn(&'b Bytes, &mut [Header<'b>]) -> Result<T, HeadError>,
    ) -> Result<T, HeadError> {
        let bytes = Bytes::from(core::mem::take(&mut self.bytes));
        let count = self.scan.headers();
        self.scan.restart();
        let mut few = [EMPTY_HEADER; FEW];
        match few.get_mut(..count) {
            Some(headers) => parse(&bytes, headers),
            None => parse(&bytes, &mut vec![EMPTY_HEADER; count]),
        }
    }

    pub(crate) const fn ended(&self) -> HeadError {
        HeadError::Ended(self.scan.seen())
    }
}

/// What was parsed from `head` in the vocabulary of `http`: the values share the memory of the head.
pub(crate) fn header_map(head: &Bytes, parsed: &[Header<'_>]) -> Result<HeaderMap, HeadError> {
    // A map of `http` has a bound of its own, above any sensible limit.
    let too_many = || HeadLimit::Headers(parsed.len());
    let mut headers = HeaderMap::try_with_capacity(parsed.len()).map_err(|_| too_many())?;
    for header in parsed {
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| Malformed::Field)?;
        let value = HeaderValue::from_maybe_shared(head.slice_ref(header.value));
        let value = value.map_err(|_| Malformed::Field)?;
        headers.try_append(name, value).map_err(|_| too_many())?;
    }
    Ok(headers)
}

/// The minor number as httparse gives it; it accepts 0 and 1 only.
pub(crate) fn version(minor: Option<u8>) -> Version {
    if minor == Some(1) { Version::HTTP_11 } else { Version::HTTP_10 }
}

/// What httparse found wrong with a head that is complete.
pub(crate) fn fault(error: httparse::Error, head: &[u8]) -> HeadError {
    use httparse::Error;
    match error {
        Error::Version if names_other_version(head) => HeadError::Version,
        Error::HeaderName | Error::HeaderValue | Error::TooManyHeaders => Malformed::Field.into(),
        Error::NewLine | Error::Status | Error::Token | Error::Version => {
            Malformed::StartLine.into()
        }
    }
}

/// Whether the first line speaks of HTTP, but neither 1.0 nor 1.1 (RFC 9112 §2.3).
fn names_other_version(head: &[u8]) -> bool {
    let line = head.split(|&byte| byte == b'\r').next().unwrap_or_default();
    line.windows(8).any(|window| {
        let [b'H', b'T', b'T', b'P', b'/', major, b'.', minor] = window else { return false };
        major.is_ascii_digit()
            && minor.is_ascii_digit()
            && !matches!((major, minor), (b'1', b'0' | b'1'))
    })
}
