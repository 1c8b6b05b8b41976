//! Bytes of a WebSocket: masking (RFC 6455 §5.3), UTF-8 (§8.1) and text that is known to be UTF-8.
//!
//! This is the only crate of wharf in which `unsafe` may stand. Each use has a SAFETY comment that names
//! the invariant it leans on, and a safe twin that the tests compare it with.
#![no_std]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod mask;
mod payload;
mod text;
mod utf8;

pub use mask::{MaskKey, mask, mask_append};
pub use payload::{PayloadBuf, PayloadTail};
pub use text::{NotUtf8, Text};
pub use utf8::{InvalidUtf8, Utf8Stream, from_utf8};
