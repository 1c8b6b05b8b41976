//! Close frames (RFC 6455 §5.5.1, §7.4).

use super::{admission::PROTOCOL, setup::Setup, text::Checker};
use crate::fault::Fault;

/// What the peer's Close says; the error is the code that a bad one is answered with.
pub(super) fn read(body: &[u8], setup: &Setup) -> Result<Option<u16>, u16> {
    let (code, reason) = match body {
        [] => return Ok(None),
        [_] if setup.has(Fault::AcceptsOneByteClose) => return Ok(Some(1000)),
        [_] => return Err(PROTOCOL),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
    };
    if !is_good(code, setup) || setup.has(Fault::RefusesReasons) && !reason.is_empty() {
        return Err(PROTOCOL);
    }
    if !setup.has(Fault::NoReasonCheck) {
        let mut checker = Checker::new(*setup);
        checker.push(reason).and_then(|()| checker.end()).map_err(|_| 1007_u16)?;
    }
    Ok(Some(code))
}

fn is_good(code: u16, setup: &Setup) -> bool {
    match code {
        0..=999 => setup.has(Fault::AcceptsLowCodes),
        1000 => true,
        _ if setup.has(Fault::RefusesMostCodes) => false,
        1001..=1003 | 1007..=1011 => true,
        1012..=1014 => !setup.has(Fault::RefusesNewCodes),
        1004..=1006 | 1015 => setup.has(Fault::AcceptsReservedCodes),
        1016..=2999 => setup.has(Fault::AcceptsUnknownCodes),
        3000..=4999 => !setup.has(Fault::RefusesPrivateCodes),
        5000.. => setup.has(Fault::AcceptsHighCodes),
    }
}

/// The body of the answer to a Close with this code.
pub(super) fn answer(code: Option<u16>, setup: &Setup) -> Vec<u8> {
    let code = match (code, setup.fault) {
        (_, Some(Fault::AnswersOtherCode)) => Some(4999),
        (None, Some(Fault::Echoes1005)) => Some(1005),
        (None, Some(Fault::Echoes1006)) => Some(1006),
        _ => code,
    };
    code.map(|code| body(code, setup)).unwrap_or_default()
}

/// The body of a Close with a code.
pub(super) fn body(code: u16, setup: &Setup) -> Vec<u8> {
    let mut body = code.to_be_bytes().to_vec();
    if setup.has(Fault::SendsBadReason) {
        body.extend([0xc3, 0x28]);
    }
    body
}
