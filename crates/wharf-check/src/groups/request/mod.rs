//! What a server does with a request, and how it answers (RFC 6455 §4.2).

mod accepted;
mod hostile;
mod lists;
mod refused;
mod words;

use crate::case::Case;

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [accepted::cases(), refused::cases(), lists::cases(), hostile::cases()].concat()
}
