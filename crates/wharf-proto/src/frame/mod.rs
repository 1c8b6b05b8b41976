//! Frames (RFC 6455 §5): the only reader and the only writer of their headers.

pub(crate) mod admission;
pub(crate) mod control;
pub(crate) mod header;
pub(crate) mod opcode;
pub(crate) mod reader;
