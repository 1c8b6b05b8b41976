//! What two peers agree on for permessage-deflate (RFC 7692 §7.1).

/// What one direction compresses by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way {
    /// The window's logarithm.
    pub(super) bits: u8,
    /// Whether it is kept from message to message.
    pub(super) context: Context,
}

/// Whether a window is kept from message to message.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    #[default]
    Kept,
    Dropped,
}

/// Both directions, named after who compresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Agreed {
    pub(super) client: Way,
    pub(super) server: Way,
}

/// RFC 7692 §7.1.2: decimal, 8 to 15, without a leading zero.
pub(super) fn window_bits(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [digit @ (b'8' | b'9')] => Some(digit - b'0'),
        [b'1', digit @ b'0'..=b'5'] => Some(10 + digit - b'0'),
        _ => None,
    }
}
