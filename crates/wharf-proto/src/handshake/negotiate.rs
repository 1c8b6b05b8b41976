//! The choice of subprotocol and extensions: pure functions.

use super::subprotocol::Subprotocol;

/// The first of `supported` that was offered (RFC 6455 §4.2.2): the server's preference decides.
pub(crate) fn choose_subprotocol<'a>(
    supported: &'a [Subprotocol],
    offered: &[Subprotocol],
) -> Option<&'a Subprotocol> {
    supported.iter().find(|name| offered.contains(name))
}
