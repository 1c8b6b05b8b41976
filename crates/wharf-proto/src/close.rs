//! Close codes and reasons (RFC 6455 §7.4).

use alloc::string::String;
use core::fmt;
use wharf_bytes::Text;

/// A status code that may stand in a Close frame.
///
/// 1005, 1006 and 1015 are no codes of the wire and cannot be made: where RFC 6455 reports them, wharf has
/// [`Ending`](crate::Ending).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CloseCode(u16);

impl CloseCode {
    /// 1000: the purpose of the connection is fulfilled.
    pub const NORMAL: Self = Self(1000);
    /// 1001: the server goes down, or the page is left.
    pub const GOING_AWAY: Self = Self(1001);
    /// 1002: a rule of the protocol was broken.
    pub const PROTOCOL_ERROR: Self = Self(1002);
    /// 1003: a kind of data that cannot be accepted.
    pub const UNSUPPORTED: Self = Self(1003);
    /// 1007: data that does not fit its type, such as text that is not UTF-8.
    pub const INVALID_PAYLOAD: Self = Self(1007);
    /// 1008: against the policy of the sender of this code.
    pub const POLICY_VIOLATION: Self = Self(1008);
    /// 1009: a message too big to process.
    pub const MESSAGE_TOO_BIG: Self = Self(1009);
    /// 1010: the server did not agree to an extension that the client needs; sent by clients only.
    pub const EXTENSION_REQUIRED: Self = Self(1010);
    /// 1011: an unexpected condition on the server.
    pub const INTERNAL_ERROR: Self = Self(1011);
    /// 1012: the service restarts; come back after a random delay.
    pub const SERVICE_RESTART: Self = Self(1012);
    /// 1013: overloaded; come back later.
    pub const TRY_AGAIN_LATER: Self = Self(1013);
    /// 1014: a gateway got an invalid answer from upstream.
    pub const BAD_GATEWAY: Self = Self(1014);

    /// The code, if it may stand in a Close frame: 1000–1003, 1007–1014, 3000–4999 (RFC 6455 §7.4.2).
    pub const fn new(code: u16) -> Option<Self> {
        match code {
            1000..=1003 | 1007..=1014 | 3000..=4999 => Some(Self(code)),
            _ => None,
        }
    }

    /// The number.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl From<CloseCode> for u16 {
    fn from(code: CloseCode) -> Self {
        code.0
    }
}

impl fmt::Debug for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// What a Close frame says: a code and at most 123 bytes of text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CloseReason {
    code: CloseCode,
    text: Text, // INVARIANT: at most `MAX_TEXT` bytes.
}

impl CloseReason {
    /// Bytes that a reason's text may have: a control frame carries 125 (RFC 6455 §5.5), two are the code.
    pub const MAX_TEXT: usize = 123;

    /// A code with a text for the other side's log.
    pub fn new(code: CloseCode, text: impl Into<Text>) -> Result<Self, ReasonTooLong> {
        let text = text.into();
        if text.len() <= Self::MAX_TEXT {
            Ok(Self { code, text })
        } else {
            Err(ReasonTooLong(text.len()))
        }
    }

    /// The same, but a text that is too long is cut at the last character that fits.
    pub fn truncated(code: CloseCode, text: &str) -> Self {
        let mut end = text.len().min(Self::MAX_TEXT);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Self { code, text: Text::from(&text[..end]) }
    }

    /// The status code.
    pub const fn code(&self) -> CloseCode {
        self.code
    }

    /// The text; not meant to be shown to people as it is (RFC 6455 §5.5.1).
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl From<CloseCode> for CloseReason {
    fn from(code: CloseCode) -> Self {
        Self { code, text: Text::new() }
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text() {
            "" => self.code.fmt(f),
            text => write!(f, "{} \"{}\"", self.code, text.escape_debug().collect::<String>()),
        }
    }
}

/// The text of a close reason is longer than 123 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonTooLong(pub usize);

impl fmt::Display for ReasonTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a close reason of {} bytes; at most {} fit (RFC 6455 §5.5)",
            self.0,
            CloseReason::MAX_TEXT
        )
    }
}

impl core::error::Error for ReasonTooLong {}
