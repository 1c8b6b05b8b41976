//! What the blocking client cannot do.

use super::{redirect::Redirects, settings::Settings, stage::Stage, target::Target};
use std::fmt;

/// A setting that [`blocking::Client`](crate::blocking::Client) cannot follow. It fails the attempt before anything goes
/// over the network; it is not passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsupported {
    /// [`ClientBuilder::dialer`](crate::ClientBuilder::dialer).
    Dialer,
    /// [`ClientBuilder::headers_per_attempt`](crate::ClientBuilder::headers_per_attempt).
    HeadersPerAttempt,
    /// [`ClientBuilder::proxy`](crate::ClientBuilder::proxy) or
    /// [`proxy_from_env`](crate::ClientBuilder::proxy_from_env), if there is a proxy for the URL.
    Proxy,
    /// [`ClientBuilder::follow_redirects`](crate::ClientBuilder::follow_redirects).
    Redirects,
    /// [`ClientBuilder::resolver`](crate::ClientBuilder::resolver).
    Resolver,
}

impl Unsupported {
    /// What stands against any attempt.
    pub(crate) fn for_all(settings: &Settings) -> Option<Self> {
        settings.hook.is_set().then_some(Self::HeadersPerAttempt)
    }

    /// What stands against an attempt over the network.
    pub(crate) fn by_network(settings: &Settings, target: &Target) -> Option<Self> {
        if settings.proxies.choose(target).is_some() {
            Some(Self::Proxy)
        } else if settings.network.dialer.is_some() {
            Some(Self::Dialer)
        } else if settings.network.resolver.is_some() {
            Some(Self::Resolver)
        } else if settings.redirects != Redirects::Refused {
            Some(Self::Redirects)
        } else {
            None
        }
    }

    /// Where the setting would have had its part.
    pub(crate) const fn stage(self) -> Stage {
        match self {
            Self::HeadersPerAttempt => Stage::Headers,
            Self::Resolver => Stage::Resolve,
            Self::Dialer => Stage::Connect,
            Self::Proxy => Stage::Proxy,
            Self::Redirects => Stage::Upgrade,
        }
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dialer => {
                "the blocking client runs no dialer; use `connect_over` with a stream of your own, or the \
                 async client"
            }
            Self::HeadersPerAttempt => {
                "the blocking client runs no async code, so it has no headers made per attempt; build a \
                 client with `header`, or use the async client"
            }
            Self::Proxy => {
                "the blocking client goes through no proxy, and a proxy is set for this URL; use \
                 `connect_over` with a tunnel of your own, or the async client"
            }
            Self::Redirects => {
                "the blocking client follows no redirects; leave out `follow_redirects`, or use the async \
                 client"
            }
            Self::Resolver => {
                "the blocking client runs no resolver but the system's; use `connect_over` with a stream of \
                 your own, or the async client"
            }
        })
    }
}
