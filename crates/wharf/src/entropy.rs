//! Randomness of the system's.

use std::io;
use wharf_proto::Role;

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
