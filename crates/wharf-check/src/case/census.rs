//! What must hold of every frame and every handshake that a target sent in the whole run.

/// A rule about all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Census {
    /// Every frame is masked.
    AllMasked,
    /// No frame is masked.
    NoneMasked,
    /// No masking key comes twice in a row or more often than chance has it, and none is zero.
    KeysDiffer,
    /// Every length is written in its shortest form.
    ShortestLengths,
    /// No reserved bit without an extension that owns it, none on a continuation or a control frame.
    ReservedBits,
    /// Only the opcodes of RFC 6455 §5.2.
    KnownOpcodes,
    /// Control frames are final and have 125 bytes at most.
    SmallControls,
    /// No Close frame with a code that is never on the wire, a body of one byte or a reason that is not UTF-8.
    SendableCodes,
    /// No frame follows a Close frame.
    NothingAfterClose,
    /// Every key of a handshake is 16 bytes in base64 and never sent before.
    FreshHandshakeKeys,
    /// Continuations follow an unfinished message, and nothing else does.
    FragmentsInOrder,
}
