//! Randomness of the system's.

use std::io;
use wharf_proto::{Outbound, Role};

/// `N` bytes that nobody can guess (RFC 6455 §10.3).
pub(crate) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| io::Error::other(format!("no entropy from the system: {error}")))?;
    Ok(bytes)
}

/// What a client's masking keys are made from; a server masks nothing and needs none.
pub(crate) fn mask_seed(role: Role) -> io::Result<[u8; 32]> {
    match role {
        Role::Client => random(),
        Role::Server => Ok([0; 32]),
    }
}

/// Gives a connection a lifetime of its own, if it has one. Without entropy it is the longest.
pub(crate) fn spread_lifetime(outbound: &mut Outbound) {
    if outbound.config().timeouts.lifetime.is_some() {
        outbound.shorten_lifetime(random().map_or(0, u32::from_le_bytes));
    }
}
