//! Closing.

use super::{Row, both, client, server};
use crate::fault::Fault;

/// The rows.
pub(super) const ROWS: &[Row] = &[
    both(Fault::AcceptsOneByteClose, &["close-codes/one-byte"]),
    both(Fault::AcceptsLowCodes, &["close-codes/code-0", "close-codes/code-1"]),
    both(Fault::AcceptsReservedCodes, &["close-codes/code-1004", "close-codes/code-1005"]),
    both(Fault::AcceptsUnknownCodes, &["close-codes/code-1016", "close-codes/code-1017"]),
    both(Fault::AcceptsHighCodes, &["close-codes/code-5000", "close-codes/code-65535"]),
    both(Fault::RefusesNewCodes, &["close-codes/code-1012", "close-codes/code-1013"]),
    both(Fault::RefusesPrivateCodes, &["close-codes/code-4999", "close-codes/code-3000"]),
    both(Fault::RefusesMostCodes, &["fragmentation/close-instead-of-end", "close-codes/code-1001"]),
    both(Fault::RefusesReasons, &["close-codes/code-and-reason", "close-codes/reason-123"]),
    both(Fault::Echoes1005, &["close-codes/empty-body", "close-codes/sends-sendable-codes"]),
    both(Fault::Echoes1006, &["close-codes/empty-body", "close-codes/sends-sendable-codes"]),
    both(Fault::AnswersOtherCode, &["fragmentation/close-instead-of-end", "close-codes/code-1001"]),
    both(Fault::SendsBadReason, &["close-codes/sends-sendable-codes"]),
    both(Fault::NoCloseReply, &["fragmentation/close-instead-of-end", "close-codes/code-1001"]),
    both(Fault::IgnoresClose, &["fragmentation/close-between", "close-codes/code-1000"]),
    both(Fault::DataAfterClose, &["close-codes/code-1001", "close-codes/code-1000"]),
    both(Fault::TwoCloses, &["close-codes/code-1001", "close-codes/code-1000"]),
    both(Fault::GoesOnAfterClose, &["closing/nonsense-behind-close", "closing/ping-behind-close"]),
    both(Fault::NoCloseOnError, &["closing/tells-1002-code", "closing/tells-1002-length"]),
    both(
        Fault::ErrorIs1000,
        &["fragmentation/pong-in-two", "fragmentation/unfinished-continuation-octets"],
    ),
    both(Fault::GoesOnAfterError, &["closing/close-behind-failure", "closing/ping-behind-failure"]),
    both(Fault::IgnoresErrors, &["frames/rsv2", "frames/opcode-3"]),
    both(Fault::HangsOnError, &["closing/tells-1002-opcode"]),
    server(Fault::KeepsTcpOpen, &["closing/server-ends-first"]),
    client(Fault::ClosesWithoutDraining, &["closing/client-waits-for-server"]),
    client(Fault::ClientCutsFirst, &["closing/client-waits-for-server"]),
    both(Fault::IgnoresEof, &["closing/fin-without-close"]),
];
