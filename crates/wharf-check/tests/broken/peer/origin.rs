//! Which pages may connect: those of the host that they connect to (RFC 6455 §10.2, RFC 6454 §4).

use super::{head::Head, setup::Setup};
use crate::fault::Fault;

/// Whether there is no Origin, or one that is ours. This server speaks no TLS.
pub(super) fn is_welcome(head: &Head, setup: &Setup) -> bool {
    let host = head.one("host").unwrap_or_default();
    match head.all("origin")[..] {
        [] => !setup.has(Fault::WantsOrigin),
        [origin] => is_ours(origin, host, setup),
        [first, ..] => setup.has(Fault::AcceptsTwoOrigins) && is_ours(first, host, setup),
    }
}

fn is_ours(origin: &str, host: &str, setup: &Setup) -> bool {
    let same = same(origin, host);
    match setup.fault {
        Some(Fault::AcceptsAnyOrigin) => true,
        Some(Fault::RefusesAnyOrigin) => false,
        Some(Fault::AcceptsNullOrigin) => same || origin == "null",
        Some(Fault::AcceptsOriginSuffix) => same || origin.ends_with(host),
        Some(Fault::AcceptsOriginPrefix) => same || origin.starts_with(&format!("http://{host}")),
        Some(Fault::CaseSensitiveOrigin) => same && origin == format!("http://{host}"),
        Some(Fault::IgnoresOriginPort) => {
            without_port(origin) == format!("http://{}", without_port(host))
        }
        Some(Fault::IgnoresOriginScheme) => {
            origin.split_once("://").is_some_and(|(_, rest)| rest == host)
        }
        Some(Fault::AcceptsBadOrigin) => same || origin.contains(host) && !is_origin(origin),
        _ => same,
    }
}

fn same(origin: &str, host: &str) -> bool {
    let origin = origin.to_ascii_lowercase();
    let Some(authority) = origin.strip_prefix("http://") else { return false };
    full(authority) == full(&host.to_ascii_lowercase())
}

/// With its port.
fn full(authority: &str) -> String {
    let bare = !authority.trim_start_matches(|c| c != ']').contains(':')
        && (authority.starts_with('[') || !authority.contains(':'));
    if bare { format!("{authority}:80") } else { authority.to_owned() }
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    }
}

/// A scheme, a host, perhaps a port, and nothing else.
fn is_origin(origin: &str) -> bool {
    let Some((scheme, rest)) = origin.split_once("://") else { return false };
    scheme.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !rest.contains(['/', '@', '?', '#', ' ', ','])
}
