//! The choice of subprotocol and extensions: pure functions.

use super::{agreement::Agreement, grammar::Extension, subprotocol::Subprotocol};
#[cfg(feature = "deflate")]
use crate::deflate::params::{DeflateOffer, DeflateParamsError, PERMESSAGE_DEFLATE};
use alloc::{borrow::ToOwned, string::String};

/// The first of `supported` that was offered (RFC 6455 §4.2.2): the server's preference decides.
pub(crate) fn choose_subprotocol<'a>(
    supported: &'a [Subprotocol],
    offered: &[Subprotocol],
) -> Option<&'a Subprotocol> {
    supported.iter().find(|name| offered.contains(name))
}

/// The first offer of permessage-deflate that a server can accept; those before it, with parameters that are
/// unknown or wrong, are declined by silence (RFC 7692 §7.1).
#[cfg(feature = "deflate")]
pub(crate) fn find_deflate(offered: &[Extension<'_>]) -> Option<DeflateOffer> {
    let mut offers = offered.iter().filter(|extension| extension.name == PERMESSAGE_DEFLATE);
    offers.find_map(|extension| DeflateOffer::parse(extension.pairs()).ok())
}

/// Why a client fails over the extensions in a response.
pub(crate) enum Unconfirmed {
    /// Not offered, or offered once and answered twice.
    NotOffered(String),
    #[cfg(feature = "deflate")]
    Deflate(DeflateParamsError),
}

/// What the extensions in a response agree to, if each of them answers the offer (RFC 6455 §4.1, item 5).
#[cfg(feature = "deflate")]
pub(crate) fn confirm_extensions(
    offer: Option<&DeflateOffer>,
    answered: &[Extension<'_>],
) -> Result<Agreement, Unconfirmed> {
    let mut agreement = Agreement::default();
    for extension in answered {
        match offer.filter(|_| extension.name == PERMESSAGE_DEFLATE && agreement.deflate.is_none())
        {
            Some(offer) => agreement.deflate = Some(offer.confirm(extension.pairs())?),
            None => return Err(Unconfirmed::NotOffered(extension.name.to_owned())),
        }
    }
    Ok(agreement)
}

#[cfg(feature = "deflate")]
impl From<DeflateParamsError> for Unconfirmed {
    fn from(error: DeflateParamsError) -> Self {
        Self::Deflate(error)
    }
}

/// Without permessage-deflate nothing is offered.
#[cfg(not(feature = "deflate"))]
pub(crate) fn confirm_extensions(answered: &[Extension<'_>]) -> Result<Agreement, Unconfirmed> {
    match answered.first() {
        Some(extension) => Err(Unconfirmed::NotOffered(extension.name.to_owned())),
        None => Ok(Agreement::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> alloc::vec::Vec<Subprotocol> {
        names.iter().map(|name| Subprotocol::new(*name).unwrap()).collect()
    }

    /// RFC 6455 §4.2.2, checklist 41: one of those offered, by the server's preference; case counts.
    #[test]
    fn the_server_prefers_among_what_was_offered() {
        let cases: [(&[&str], &[&str], Option<&str>); 5] = [
            (&["a", "b"], &["b", "a"], Some("a")),
            (&["x", "b"], &["a", "b"], Some("b")),
            (&["x"], &["a"], None),
            (&["A"], &["a"], None),
            (&[], &["a"], None),
        ];
        for (supported, offered, expected) in cases {
            let supported = names(supported);
            let chosen = choose_subprotocol(&supported, &names(offered));
            assert_eq!(chosen.map(Subprotocol::as_str), expected);
        }
    }
}
