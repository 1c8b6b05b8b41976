//! What a client asks of a response (RFC 6455 §4.1).

use super::{
    bits::Agreed,
    extension,
    head::Head,
    offer,
    request::holds,
    server::accept,
    setup::{Compression, Setup},
};
use crate::fault::Fault;

/// The response is no success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused;

/// Checks the response to a request with this key; no subprotocol was offered.
pub(super) fn check(head: &Head, key: &str, setup: &Setup) -> Result<Option<Agreed>, Refused> {
    let has = |fault| setup.has(fault);
    let good = status(head, setup)
        && (holds(head, "upgrade", "websocket", setup) && head.all("upgrade").len() == 1
            || has(Fault::IgnoresUpgrade))
        && (holds(head, "connection", "upgrade", setup) || has(Fault::IgnoresConnection))
        && accepted(head, key, setup)
        && (head.all("sec-websocket-protocol").is_empty() || has(Fault::IgnoresProtocol))
        && (bare(head) || setup.has_one(&[Fault::IgnoresBody, Fault::IgnoresStatus]));
    if good { agreed(head, setup) } else { Err(Refused) }
}

fn status(head: &Head, setup: &Setup) -> bool {
    let mut parts = head.start.splitn(3, ' ');
    let version = parts.next() == Some("HTTP/1.1") || setup.has(Fault::IgnoresHttpVersion);
    let status = parts.next() == Some("101") || setup.has(Fault::IgnoresStatus);
    version && status
}

fn accepted(head: &Head, key: &str, setup: &Setup) -> bool {
    let right = accept(key, setup);
    match head.all("sec-websocket-accept")[..] {
        _ if setup.has(Fault::IgnoresAccept) => true,
        [value] if setup.has(Fault::CaseBlindAccept) => value.eq_ignore_ascii_case(&right),
        [value] => value == right,
        [value, _] => value == right && setup.has(Fault::AcceptsTwoAccepts),
        _ => false,
    }
}

/// Without a body, which a 101 cannot have.
fn bare(head: &Head) -> bool {
    head.all("content-length").is_empty() && head.all("transfer-encoding").is_empty()
}

fn agreed(head: &Head, setup: &Setup) -> Result<Option<Agreed>, Refused> {
    let lines = head.all("sec-websocket-extensions");
    if lines.len() > 1 && !setup.has_one(&[Fault::IgnoresExtension, Fault::IgnoresSecondDeflate]) {
        return Err(Refused);
    }
    let offered = match setup.compression {
        Compression::On(offer) => extension::parse(&[offer]).and_then(|mut all| all.pop()),
        Compression::Off => None,
    };
    let answers = match extension::parse(&lines) {
        Some(answers) => answers,
        None if setup.has(Fault::AcceptsBadExtensions) => Vec::new(),
        None => return Err(Refused),
    };
    match offered {
        Some(offered) => offer::confirm(&answers, &offered, setup).map_err(|()| Refused),
        None if answers.is_empty() || setup.has(Fault::IgnoresExtension) => Ok(None),
        None => Err(Refused),
    }
}
