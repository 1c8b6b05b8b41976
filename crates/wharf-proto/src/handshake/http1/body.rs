//! The body of a response that refused the upgrade, as much of it as is worth reading.

use alloc::vec::Vec;
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};

/// Collects the body of a refusal (RFC 9112 §6), up to a limit: it tells people why, nothing more.
///
/// Feed it the bytes that a [`ResponseReader`](crate::ResponseReader) left over and what comes next, until it
/// wants no more or the transport ends. Afterwards the connection is of no use.
#[derive(Debug)]
pub struct BodyReader {
    bytes: Vec<u8>,
    limit: usize,
    place: Place,
}

/// Whether a body needs more bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyProgress {
    /// It does, or the transport's end.
    More,
    /// It is complete.
    Complete,
    /// It is cut: longer than the limit, or its framing is broken.
    Cut,
}

/// Where the reader stands in the framing (RFC 9112 §6.3, §7.1).
#[derive(Debug, Clone, Copy)]
enum Place {
    Data { left: u64, next: Next },
    ChunkSize { size: u64, digits: u8 },
    ChunkExtension { size: u64, room: u8 },
    ChunkEnd,
    ChunkLineFeed,
    Complete,
    Cut,
}

/// What follows data.
#[derive(Debug, Clone, Copy)]
enum Next {
    Nothing,
    Chunk,
}

impl BodyReader {
    /// A reader for the body of this response that keeps at most `limit` bytes.
    pub fn new<B>(response: &Response<B>, limit: usize) -> Self {
        Self { bytes: Vec::new(), limit, place: Place::of(response.status(), response.headers()) }
    }

    /// Takes bytes of the transport; those after the body's end are dropped.
    pub fn receive(&mut self, mut bytes: &[u8]) -> BodyProgress {
        while self.progress() == BodyProgress::More && !bytes.is_empty() {
            bytes = if let Place::Data { left, next } = self.place {
                self.receive_data(bytes, left, next)
            } else {
                self.receive_framing(bytes)
            };
        }
        self.progress()
    }

    /// Whether it needs more bytes.
    pub const fn progress(&self) -> BodyProgress {
        match self.place {
            Place::Complete => BodyProgress::Complete,
            Place::Cut => BodyProgress::Cut,
            Place::Data { .. }
            | Place::ChunkSize { .. }
            | Place::ChunkExtension { .. }
            | Place::ChunkEnd
            | Place::ChunkLineFeed => BodyProgress::More,
        }
    }

    /// What was collected.
    pub fn into_bytes(self) -> Bytes {
        self.bytes.into()
    }

    fn receive_framing<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let Some((&first, rest)) = bytes.split_first() else { return bytes };
        self.place = self.place.step(first);
        rest
    }

    fn receive_data<'b>(&mut self, bytes: &'b [u8], left: u64, next: Next) -> &'b [u8] {
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let room = self.limit - self.bytes.len();
        let (data, rest) = bytes.split_at(wanted.min(room));
        self.bytes.extend_from_slice(data);
        self.place = match left - data.len() as u64 {
            _ if wanted > room => Place::Cut,
            left => Place::data(left, next),
        };
        rest
    }
}

impl Place {
    const UNTIL_END: Self = Self::Data { left: u64::MAX, next: Next::Nothing };
    const CHUNK_SIZE: Self = Self::ChunkSize { size: 0, digits: 0 };

    fn of(status: StatusCode, headers: &HeaderMap) -> Self {
        let transfer = headers.get_all(header::TRANSFER_ENCODING).iter().next_back();
        match transfer {
            _ if matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) => {
                Self::Complete
            }
            Some(coding) if ends_in_chunked(coding.as_bytes()) => Self::CHUNK_SIZE,
            Some(_) => Self::UNTIL_END,
            None => length(headers).map_or(Self::UNTIL_END, |left| Self::data(left, Next::Nothing)),
        }
    }

    const fn data(left: u64, next: Next) -> Self {
        match (left, next) {
            (0, Next::Nothing) => Self::Complete,
            (0, Next::Chunk) => Self::ChunkEnd,
            (left, next) => Self::Data { left, next },
        }
    }

    fn step(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::ChunkSize { size, digits }, _) if byte.is_ascii_hexdigit() => {
                Self::add_digit(size, digits, byte)
            }
            (Self::ChunkSize { size, digits: 1.. }, _) => {
                Self::ChunkExtension { size, room: u8::MAX }.step(byte)
            }
            (Self::ChunkExtension { size: 0, .. }, b'\n') => Self::Complete,
            (Self::ChunkExtension { size, .. }, b'\n') => Self::data(size, Next::Chunk),
            (Self::ChunkExtension { size, room: room @ 1.. }, _) => {
                Self::ChunkExtension { size, room: room - 1 }
            }
            (Self::ChunkEnd, b'\r') => Self::ChunkLineFeed,
            (Self::ChunkLineFeed, b'\n') => Self::CHUNK_SIZE,
            _ => Self::Cut,
        }
    }

    /// Sixteen digits fill the number.
    fn add_digit(size: u64, digits: u8, byte: u8) -> Self {
        match char::from(byte).to_digit(16) {
            Some(digit) if digits < 16 => {
                Self::ChunkSize { size: size << 4 | u64::from(digit), digits: digits + 1 }
            }
            _ => Self::Cut,
        }
    }
}

fn ends_in_chunked(coding: &[u8]) -> bool {
    let last = coding.rsplit(|&byte| byte == b',').next().unwrap_or_default();
    last.trim_ascii().eq_ignore_ascii_case(b"chunked")
}

/// A length that is no number is no length: the body ends with the transport, which is not used again.
fn length(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.trim_ascii();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}
