//! Bytes as the RFCs have them, and as they must not be. Nothing here is shared with what is tested.

pub(crate) mod deflate;
pub(crate) mod extension;
pub(crate) mod frame;
pub(crate) mod http;
pub(crate) mod huffman;
pub(crate) mod inflate;
pub(crate) mod key;
pub(crate) mod payload;
pub(crate) mod read;
pub(crate) mod role;
