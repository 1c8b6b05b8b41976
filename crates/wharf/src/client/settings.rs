//! What a client is set to.

use super::{
    headers::HeaderHook, network::Network, proxy::choice::Proxies, redirect::Redirects,
    tls::settings::Tls, watch::Watch,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::{sync::Arc, time::Duration};
#[cfg(feature = "deflate")]
use wharf_proto::Deflate;
use wharf_proto::{Config, HandshakeLimits, Offer, OfferError, Role, Subprotocol, SubprotocolRule};

/// How long all stages may take together.
const DEADLINE: Duration = Duration::from_secs(10);

/// What all connections of a client have in common.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) request: RequestSettings,
    pub(crate) hook: HeaderHook,
    pub(crate) redirects: Redirects,
    pub(crate) proxies: Proxies,
    pub(crate) network: Network,
    pub(crate) limits: HandshakeLimits,
    pub(crate) deadline: Option<Duration>,
    pub(crate) tls: Tls,
    pub(crate) config: Arc<Config>,
    pub(crate) watch: Watch,
}

/// What the client asks for, whatever the URL.
#[derive(Debug, Clone)]
pub(crate) struct RequestSettings {
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) subprotocols: Vec<Subprotocol>,
    pub(crate) subprotocol_rule: SubprotocolRule,
    #[cfg(feature = "deflate")]
    pub(crate) deflate: Option<Deflate>,
}

impl Default for RequestSettings {
    fn default() -> Self {
        Self {
            headers: Vec::new(),
            subprotocols: Vec::new(),
            subprotocol_rule: SubprotocolRule::Optional,
            #[cfg(feature = "deflate")]
            deflate: Some(Deflate::CLIENT),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            request: RequestSettings::default(),
            hook: HeaderHook::default(),
            redirects: Redirects::default(),
            proxies: Proxies::default(),
            network: Network::default(),
            limits: HandshakeLimits::default(),
            deadline: Some(DEADLINE),
            tls: Tls::default(),
            config: Arc::new(Config::new(Role::Client)),
            watch: Watch::default(),
        }
    }
}

impl RequestSettings {
    /// The request to one server, without headers of the caller's.
    pub(crate) fn offer(&self, authority: &str, resource: &str) -> Result<Offer, OfferError> {
        let offer = Offer::new(authority, resource)?
            .subprotocols(self.subprotocols.iter().cloned())?
            .subprotocol_rule(self.subprotocol_rule);
        #[cfg(feature = "deflate")]
        let offer = offer.deflate(self.deflate);
        Ok(offer)
    }
}

/// A request with headers of the caller's.
pub(crate) fn dress(offer: Offer, headers: &HeaderMap) -> Result<Offer, OfferError> {
    headers.iter().try_fold(offer, |offer, (name, value)| offer.header(name.clone(), value.clone()))
}
