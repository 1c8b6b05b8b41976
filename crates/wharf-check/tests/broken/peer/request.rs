//! What a server asks of a request (RFC 6455 §4.2.1).

use super::{
    base64,
    head::{Bad, Head, is_token},
    origin,
    setup::Setup,
    wire::Gone,
};
use crate::fault::Fault;

/// An answer other than 101.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: &'static str,
    pub(super) fields: &'static str,
}

impl Refusal {
    pub(super) const BAD: Self = Self { status: "400 Bad Request", fields: "" };
    const FORBIDDEN: Self = Self { status: "403 Forbidden", fields: "" };
    const METHOD: Self = Self { status: "405 Method Not Allowed", fields: "Allow: GET\r\n" };
    const VERSION: Self =
        Self { status: "426 Upgrade Required", fields: "Sec-WebSocket-Version: 13\r\n" };
    const HIDDEN: Self = Self { status: "400 Bad Request", fields: "" };
    const UPGRADE: Self = Self {
        status: "426 Upgrade Required",
        fields: "Upgrade: websocket\r\nConnection: Upgrade\r\n",
    };
    const HTTP: Self = Self { status: "505 HTTP Version Not Supported", fields: "" };

    /// The answer to what is no head, if there is any.
    pub(super) fn of(bad: Bad) -> Option<Self> {
        let status = match bad {
            Bad::Gone(Gone::Late) => "408 Request Timeout",
            Bad::Gone(Gone::Eof | Gone::Broken) => return None,
            Bad::Malformed => "400 Bad Request",
            Bad::LongStart => "414 URI Too Long",
            Bad::TooBig => "431 Request Header Fields Too Large",
        };
        Some(Self { status, fields: "" })
    }
}

type Checked = Result<(), Refusal>;

/// Checks everything but the extensions.
pub(super) fn check(head: &Head, setup: &Setup) -> Checked {
    if !setup.has(Fault::AcceptsAnyStart) {
        start(head, setup)?;
    }
    host(head, setup)?;
    body(head, setup)?;
    upgrade(head, setup)?;
    connection(head, setup)?;
    version(head, setup)?;
    key(head, setup)?;
    if origin::is_welcome(head, setup) { protocols(head, setup) } else { Err(Refusal::FORBIDDEN) }
}

fn start(head: &Head, setup: &Setup) -> Checked {
    let [method, target, version] = head.start.split(' ').collect::<Vec<_>>()[..] else {
        return Err(Refusal::BAD);
    };
    let version_good =
        version == "HTTP/1.1" || version == "HTTP/1.0" && setup.has(Fault::AcceptsHttp10);
    if method != "GET" && !(method == "POST" && setup.has(Fault::AcceptsPost)) {
        return Err(if is_token(method) { Refusal::METHOD } else { Refusal::BAD });
    }
    if !version_good {
        return Err(if version.starts_with("HTTP/") { Refusal::HTTP } else { Refusal::BAD });
    }
    let target = target.to_ascii_lowercase();
    let absolute = target.starts_with("http://") || target.starts_with("https://");
    let good = (target.starts_with('/') || absolute) && !target.contains('#');
    if good { Ok(()) } else { Err(Refusal::BAD) }
}

fn host(head: &Head, setup: &Setup) -> Checked {
    match head.all("host")[..] {
        [] if setup.has(Fault::AcceptsNoHost) => Ok(()),
        [_, _] if setup.has(Fault::AcceptsTwoHosts) => Ok(()),
        [host] if !host.is_empty() && !host.contains([' ', ',', '/', '@']) => Ok(()),
        _ => Err(Refusal::BAD),
    }
}

fn body(head: &Head, setup: &Setup) -> Checked {
    let coded = !head.all("transfer-encoding").is_empty();
    let long = head.all("content-length").into_iter().any(|length| length != "0");
    if (coded || long) && !setup.has(Fault::AcceptsBody) { Err(Refusal::BAD) } else { Ok(()) }
}

/// Whether the list of a name holds a token, as this peer reads lists.
pub(super) fn holds(head: &Head, name: &str, token: &str, setup: &Setup) -> bool {
    let elements = match setup.fault {
        Some(Fault::NoTokenLists) => head.all(name),
        Some(Fault::LastLineOnly) => head.all(name).last().map_or(Vec::new(), |last| {
            last.split(',').map(|element| element.trim_matches([' ', '\t'])).collect()
        }),
        _ => head.list(name),
    };
    let exact = setup.has(Fault::CaseSensitiveUpgrade);
    elements.into_iter().any(|element| {
        element == token
            || exact && element == "Upgrade"
            || !exact && element.eq_ignore_ascii_case(token)
    })
}

fn upgrade(head: &Head, setup: &Setup) -> Checked {
    let asked = holds(head, "upgrade", "websocket", setup) || setup.has(Fault::NoUpgradeCheck);
    if asked { Ok(()) } else { Err(Refusal::UPGRADE) }
}

fn connection(head: &Head, setup: &Setup) -> Checked {
    let asked = holds(head, "connection", "upgrade", setup) || setup.has(Fault::NoConnectionCheck);
    if asked { Ok(()) } else { Err(Refusal::BAD) }
}

fn version(head: &Head, setup: &Setup) -> Checked {
    let versions = head.all("sec-websocket-version");
    let good = match setup.fault {
        Some(Fault::AcceptsAnyVersion) => true,
        Some(Fault::AcceptsTwoVersions) => versions.first() == Some(&"13"),
        Some(Fault::ReadsVersionLoosely) => {
            let mut parts = versions.iter().flat_map(|value| value.split(','));
            parts.any(|part| part.trim().parse() == Ok(13))
        }
        _ => versions == ["13"],
    };
    match good {
        true => Ok(()),
        false if setup.has(Fault::HidesVersion) => Err(Refusal::HIDDEN),
        false => Err(Refusal::VERSION),
    }
}

fn key(head: &Head, setup: &Setup) -> Checked {
    let good = match head.all("sec-websocket-key")[..] {
        [] => setup.has(Fault::AcceptsNoKey),
        [key] => {
            let canonical = !setup.has(Fault::CanonicalKeysOnly) || base64::is_canonical(key);
            base64::is_16_bytes(key) && canonical || setup.has(Fault::AcceptsAnyKey)
        }
        _ => setup.has(Fault::AcceptsTwoKeys),
    };
    if good { Ok(()) } else { Err(Refusal::BAD) }
}

/// RFC 6455 §4.1: tokens, each once, in a list that is not empty.
fn protocols(head: &Head, setup: &Setup) -> Checked {
    let lines = head.all("sec-websocket-protocol");
    let list = head.list("sec-websocket-protocol");
    let unique = list.iter().enumerate().all(|(at, protocol)| !list[..at].contains(protocol));
    let good = unique && list.iter().all(|protocol| is_token(protocol));
    let good = good && (lines.is_empty() || !list.is_empty());
    if good || setup.has(Fault::AcceptsBadProtocols) { Ok(()) } else { Err(Refusal::BAD) }
}
