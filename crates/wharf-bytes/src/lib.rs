//! Bytes of a WebSocket: masking (RFC 6455 §5.3), UTF-8 (§8.1) and text that is known to be UTF-8.
//!
//! | what | for |
//! |---|---|
//! | [`mask`], [`mask_append`] | masking in place, and while copying |
//! | [`from_utf8`], [`Utf8Stream`] | checking a text that is all there, and one that arrives in pieces |
//! | [`Text`] | shared bytes known to be UTF-8 |
//! | [`PayloadBuf`], [`PayloadTail`] | a payload that arrives in pieces and may be text |
//!
//! This is the only crate of wharf in which `unsafe` may stand. Each use has a SAFETY comment that names
//! the invariant it leans on, and a safe twin that the tests compare it with.
//!
//! # Features
//! `std` (default): the processor is asked at run time what it can do. Without it the crate needs only
//! `core` and `alloc`, and uses what the target promises.
#![no_std]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod mask;
mod payload;
mod text;
mod utf8;

pub use mask::{key::MaskKey, mask, mask_append};
pub use payload::{PayloadBuf, PayloadTail};
pub use text::{NotUtf8, Text};
pub use utf8::{InvalidUtf8, from_utf8, stream::Utf8Stream};
