//! Where the half that reads stands.

use super::found::Found;
use crate::frame::opcode::OpCode;
use wharf_bytes::MaskKey;

/// Whether what comes is still read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Open,
    /// Open, and each frame is weighed before it is looked at.
    Metered,
    /// After a Close or a failure: RFC 6455 §5.5.1, §7.1.7.
    Over,
}

/// A frame whose payload is under way.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) opcode: OpCode,
    pub(super) fin: bool,
    pub(super) key: Option<MaskKey>,
    pub(super) left: u64,
}

/// How one step ended.
pub(super) enum Step {
    Found(Found),
    /// A frame is done, or a part of one: look again.
    Again,
    /// The input is used up.
    Starved,
}
