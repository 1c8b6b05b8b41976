//! How a client is set.

#[cfg(feature = "rustls")]
use super::tls::settings::Tls;
use super::{connect::Client, settings::Settings, watch::Watch};
use http::{HeaderName, HeaderValue, header};
use std::{fmt, sync::Arc, time::Duration};
#[cfg(feature = "deflate")]
use wharf_proto::Deflate;
use wharf_proto::{
    Config, HandshakeLimits, InvalidSubprotocol, OfferError, Subprotocol, SubprotocolRule,
};

/// Makes a [`Client`].
///
/// ```
/// # fn example() -> Result<wharf::Client, wharf::ClientSettingError> {
/// let client = wharf::Client::builder()
///     .header("authorization", "Bearer 0123")?
///     .subprotocols(["chat.v2", "chat.v1"])?
///     .build();
/// # Ok(client)
/// # }
/// # example().unwrap();
/// ```
#[derive(Debug, Clone, Default)]
pub struct ClientBuilder(Settings);

impl Client {
    /// Settings that are to differ from the default.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

impl ClientBuilder {
    /// Adds a header to every request. Its value is kept out of logs.
    ///
    /// # Errors
    /// A name or value that no header can have, and names that the handshake writes by itself: `Host`,
    /// `Upgrade`, `Connection`, `Content-Length`, `Transfer-Encoding` and all `Sec-WebSocket-…`.
    pub fn header<N, V>(mut self, name: N, value: V) -> Result<Self, ClientSettingError>
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        let name = name.try_into().map_err(|_| Fault::HeaderName)?;
        let mut value = value.try_into().map_err(|_| Fault::HeaderValue(name.clone()))?;
        value.set_sensitive(true);
        self.0.request.headers.push((name, value));
        self.checked()
    }

    /// Sends this `Origin`, such as `https://example.com`, as browsers do for the page that connects
    /// (RFC 6455 §4.1). Default: none is sent.
    ///
    /// # Errors
    /// A value that no header can have.
    pub fn origin<V: TryInto<HeaderValue>>(
        mut self,
        origin: V,
    ) -> Result<Self, ClientSettingError> {
        let value = origin.try_into().map_err(|_| Fault::HeaderValue(header::ORIGIN))?;
        self.0.request.headers.retain(|(name, _)| name != header::ORIGIN);
        self.0.request.headers.push((header::ORIGIN, value));
        self.checked()
    }

    /// Offers these subprotocols, the most wanted first. Default: none.
    ///
    /// # Errors
    /// A name that is no token, or stands there twice (RFC 6455 §4.1).
    pub fn subprotocols<S: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = S>,
    ) -> Result<Self, ClientSettingError> {
        let names: Result<_, _> = names.into_iter().map(Subprotocol::new).collect();
        self.0.request.subprotocols = names.map_err(Fault::Subprotocol)?;
        self.checked()
    }

    /// Fails the handshake when the server chooses none of the offered subprotocols, as browsers do
    /// (WHATWG WebSockets). Default: the connection opens without one, as RFC 6455 allows.
    #[must_use]
    pub const fn require_subprotocol(mut self) -> Self {
        self.0.request.subprotocol_rule = SubprotocolRule::Required;
        self
    }

    /// Offers permessage-deflate by this policy; `None` offers none. Default: [`Deflate::CLIENT`].
    #[cfg(feature = "deflate")]
    #[must_use]
    pub fn deflate(mut self, policy: impl Into<Option<Deflate>>) -> Self {
        self.0.request.deflate = policy.into();
        self
    }

    /// How long one attempt may take: name resolution, connection, TLS and opening handshake together.
    /// `None` waits for ever. Default: 10 s.
    #[must_use]
    pub fn deadline(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.0.deadline = limit.into();
        self
    }

    /// How much of a response's head is read. Default: 16 KiB, 100 headers.
    #[must_use]
    pub const fn handshake_limits(mut self, limits: HandshakeLimits) -> Self {
        self.0.limits = limits;
        self
    }

    /// Limits and timeouts of the open connection. Default: those of a client.
    #[must_use]
    pub fn config(mut self, config: impl Into<Arc<Config>>) -> Self {
        self.0.config = config.into();
        self
    }

    /// How `wss://` is secured. Default: TLS with the platform's roots.
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.0.tls = tls;
        self
    }

    /// Shows every request as it is about to be sent: for diagnosis. It waits for `watch` to return. Headers
    /// may hold secrets.
    #[must_use]
    pub fn on_request(
        mut self,
        watch: impl Fn(&http::Request<()>) + Send + Sync + 'static,
    ) -> Self {
        self.0.watch = Watch::new(watch);
        self
    }

    /// The client.
    pub fn build(self) -> Client {
        Client::new(self.0)
    }

    /// The core knows what may be asked for; any server will do to ask it.
    fn checked(self) -> Result<Self, ClientSettingError> {
        self.0.request.offer("localhost", "/").map_err(Fault::Offer)?;
        Ok(self)
    }
}

/// A setting that no client can have: a mistake of the caller, found before anything is sent.
#[derive(Debug)]
pub struct ClientSettingError(Fault);

#[derive(Debug)]
enum Fault {
    HeaderName,
    HeaderValue(HeaderName),
    Subprotocol(InvalidSubprotocol),
    Offer(OfferError),
}

impl From<Fault> for ClientSettingError {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl fmt::Display for ClientSettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::HeaderName => f.write_str("a header's name is not a token (RFC 9110 §5.1)"),
            Fault::HeaderValue(name) => {
                write!(f, "the value for header {name} has a control character (RFC 9110 §5.5)")
            }
            Fault::Subprotocol(error) => error.fmt(f),
            Fault::Offer(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ClientSettingError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6455 §4.1, checklist 17.
    #[test]
    fn headers_of_the_handshake_cannot_be_set() {
        for name in [
            "Host",
            "upgrade",
            "Connection",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Protocol",
            "Sec-WebSocket-Extensions",
            "Content-Length",
            "Transfer-Encoding",
        ] {
            let error = Client::builder().header(name, "x").unwrap_err().to_string();
            assert!(error.contains(&name.to_lowercase()), "{name}: {error}");
        }
    }

    /// RFC 9110 §5.5, checklist 17.
    #[test]
    fn a_value_that_would_start_a_new_line_is_refused() {
        for value in ["a\r\nHost: b", "a\nb", "a\0b"] {
            let error = Client::builder().header("x-a", value).unwrap_err();
            assert!(error.to_string().contains("x-a"), "{value:?}");
            assert!(Client::builder().origin(value).is_err(), "{value:?}");
        }
        assert!(Client::builder().header("x a", "b").is_err());
    }

    /// RFC 6455 §4.1, checklist 15.
    #[test]
    fn subprotocols_are_tokens_and_unique() {
        for names in [["a", "a"], ["a", ""], ["a", "b c"], ["a,b", "c"]] {
            assert!(Client::builder().subprotocols(names).is_err(), "{names:?}");
        }
        assert!(Client::builder().subprotocols(["a", "A"]).is_ok());
    }

    #[test]
    fn secrets_in_headers_stay_out_of_debug_output() {
        let client = Client::builder().header("authorization", "hush").unwrap().build();
        assert!(!format!("{client:?}").contains("hush"));
    }
}
