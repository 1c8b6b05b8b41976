//! The caller's own headers: which of them go to whom.

use super::{redirect::Standing, target::Target};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use std::{error::Error, fmt, future::Future, pin::Pin, sync::Arc};
use wharf_proto::{HeaderRefused, OfferError};

/// Any error of the caller's.
pub(crate) type AnyError = Box<dyn Error + Send + Sync>;

type Making = Pin<Box<dyn Future<Output = Result<HeaderMap, AnyError>> + Send>>;
type Maker = dyn Fn(Uri) -> Making + Send + Sync;

/// Makes headers for each attempt.
#[derive(Clone, Default)]
pub(crate) struct HeaderHook(Option<Arc<Maker>>);

impl HeaderHook {
    pub(crate) fn new<F, E>(make: impl Fn(Uri) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<HeaderMap, E>> + Send + 'static,
        E: Into<AnyError>,
    {
        let make = move |uri| -> Making {
            let making = make(uri);
            Box::pin(async move { making.await.map_err(Into::into) })
        };
        Self(Some(Arc::new(make)))
    }

    /// Whether there is anything to wait for.
    pub(crate) const fn is_set(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) async fn make(&self, target: &Target) -> Result<HeaderMap, HeadersError> {
        let Some(make) = &self.0 else { return Ok(HeaderMap::new()) };
        let uri = Uri::try_from(target.url()).map_err(|error| HeadersError::Maker(error.into()))?;
        let mut headers = make(uri).await.map_err(HeadersError::Maker)?;
        if headers.len() > MAX {
            return Err(OfferError::Header(HeaderRefused::TooMany).into());
        }
        if headers.contains_key(header::PROXY_AUTHORIZATION) {
            return Err(HeadersError::OfProxy);
        }
        headers.values_mut().for_each(|value| value.set_sensitive(true));
        Ok(headers)
    }
}

impl fmt::Debug for HeaderHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HeaderHook").field(&self.is_set()).finish()
    }
}

/// Far below the bound where `http` would panic.
const MAX: usize = 1_000;

/// What is a secret between the caller and the origin that the URL names (checklist 21).
const SECRETS: [HeaderName; 2] = [header::AUTHORIZATION, header::COOKIE];

/// The headers of one request: those of the client, replaced by what the URL says, replaced by what was made
/// for this attempt. A stranger gets those of the client alone, and no secrets.
pub(crate) fn compose(
    own: &[(HeaderName, HeaderValue)],
    named: &Target,
    fresh: &HeaderMap,
    standing: Standing,
) -> HeaderMap {
    let mut headers: HeaderMap = HeaderMap::with_capacity(own.len() + fresh.len());
    for (name, value) in own {
        headers.append(name, value.clone());
    }
    if standing == Standing::Stranger {
        for secret in SECRETS {
            headers.remove(secret);
        }
        return headers;
    }
    if let Some(value) = named.authorization() {
        headers.insert(header::AUTHORIZATION, value.clone());
    }
    for name in fresh.keys() {
        headers.remove(name);
    }
    for (name, value) in fresh {
        headers.append(name, value.clone());
    }
    headers
}

/// The caller made no headers, or none that can be sent.
#[derive(Debug)]
pub(crate) enum HeadersError {
    /// What the caller's code said.
    Maker(AnyError),
    /// `Proxy-Authorization` is not for servers.
    OfProxy,
    /// They cannot stand in a request.
    Offer(OfferError),
}

impl From<OfferError> for HeadersError {
    fn from(error: OfferError) -> Self {
        Self::Offer(error)
    }
}

/// Why `Proxy-Authorization` cannot be set.
pub(crate) const OF_PROXY: &str = "header proxy-authorization would go to the server: give the credentials to `Proxy` (RFC 9110 §11.7.2)";

impl fmt::Display for HeadersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The source says why.
            Self::Maker(_) => f.write_str("the code that makes them failed"),
            Self::OfProxy => f.write_str(OF_PROXY),
            Self::Offer(error) => error.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Vec<(HeaderName, HeaderValue)> {
        let pairs = [("authorization", "own"), ("cookie", "a=b"), ("x-tag", "1"), ("x-tag", "2")];
        pairs
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .into()
    }

    fn all<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
        headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    }

    #[test]
    fn the_url_goes_before_the_client_and_the_attempt_before_both() {
        let named = Target::parse("ws://Aladdin:open%20sesame@h/").unwrap();
        let none = HeaderMap::new();
        let headers = compose(&own(), &named, &none, Standing::Named);
        assert_eq!(all(&headers, "authorization"), ["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
        assert_eq!(all(&headers, "x-tag"), ["1", "2"]);
        let fresh = [(header::AUTHORIZATION, HeaderValue::from_static("fresh"))];
        let headers = compose(&own(), &named, &fresh.into_iter().collect(), Standing::Named);
        assert_eq!(all(&headers, "authorization"), ["fresh"]);
    }

    /// Checklist 21.
    #[test]
    fn a_stranger_gets_no_secrets_and_nothing_that_was_made_for_the_origin() {
        let named = Target::parse("ws://user:pass@h/").unwrap();
        let fresh = [(HeaderName::from_static("x-api-key"), HeaderValue::from_static("hush"))];
        let headers = compose(&own(), &named, &fresh.into_iter().collect(), Standing::Stranger);
        assert_eq!(headers.len(), 2);
        assert_eq!(all(&headers, "x-tag"), ["1", "2"]);
    }
}
