//! How much of a head is read.

/// Bounds on the head of a request or response, checked while its bytes arrive.
///
/// The memory of an unfinished handshake follows the bytes received and never passes `head`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct HandshakeLimits {
    /// Bytes of the whole head, with its empty line; interim responses count too. Default: 16 KiB. A server
    /// answers a breach with 431.
    pub head: usize,
    /// Bytes of one line, without its end. Default: 8 KiB. A server answers a breach in the request line
    /// with 414, elsewhere with 431.
    pub line: usize,
    /// Header lines. Default: 100. A server answers a breach with 431.
    pub headers: usize,
}

impl Default for HandshakeLimits {
    fn default() -> Self {
        Self { head: 16 << 10, line: 8 << 10, headers: 100 }
    }
}
