//! Which proxy, if any.

use super::{env::Environment, server::Proxy};
use crate::client::target::Target;
use std::sync::Arc;

/// Where a client takes its proxies from.
#[derive(Debug, Clone, Default)]
pub(crate) enum Proxies {
    /// There are none.
    #[default]
    Direct,
    /// One, for whatever it serves.
    Given(Arc<Proxy>),
    /// As the environment said when it was asked.
    Environment(Arc<Environment>),
}

impl Proxies {
    /// The proxy on the way to this server.
    pub(crate) fn choose(&self, target: &Target) -> Option<&Proxy> {
        match self {
            Self::Direct => None,
            Self::Given(proxy) => Some(&**proxy).filter(|proxy| proxy.serves(target)),
            Self::Environment(environment) => environment.choose(target),
        }
    }
}
