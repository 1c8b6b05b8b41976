//! How a client is set.

#[cfg(feature = "rustls")]
use super::tls::settings::Tls;
use super::{
    connect::Client,
    cookie,
    dialer::Dial,
    headers::{HeaderHook, OF_PROXY},
    proxy::{
        choice::Proxies,
        env::{Environment, InvalidVariable},
        server::Proxy,
    },
    redirect::Redirects,
    resolve::Resolve,
    settings::{Settings, dress},
    tcp::TcpOptions,
    watch::Watch,
};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use std::{error::Error, fmt, future::Future, sync::Arc, time::Duration};
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
    /// `Upgrade`, `Connection`, `Content-Length`, `Transfer-Encoding` and all `Sec-WebSocket-…`. And
    /// `Proxy-Authorization`, which would go to the server: it is [`Proxy`] that has the credentials.
    pub fn header<N, V>(mut self, name: N, value: V) -> Result<Self, ClientSettingError>
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        let name = name.try_into().map_err(|_| Fault::HeaderName)?;
        if name == header::PROXY_AUTHORIZATION {
            return Err(Fault::HeaderOfProxy.into());
        }
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

    /// Adds a cookie to every request; all stand in one `Cookie` header (RFC 6265 §5.4). Cookies that a server
    /// sets are not kept.
    ///
    /// # Errors
    /// A name or a value that no cookie can have (RFC 6265 §4.1.1).
    pub fn cookie(
        mut self,
        name: impl AsRef<str>,
        value: impl AsRef<str>,
    ) -> Result<Self, ClientSettingError> {
        cookie::add(&mut self.0.request.headers, name.as_ref(), value.as_ref())
            .ok_or(Fault::Cookie)?;
        self.checked()
    }

    /// Has headers made for each attempt, from its URL without user information: for tokens that expire. They
    /// replace headers of the same name, and what the URL says. The client's deadline holds for it; a redirect
    /// to another origin does not get them.
    ///
    /// ```
    /// # async fn renewed_token() -> Result<String, std::io::Error> { Ok("0123".into()) }
    /// use http::{HeaderMap, header};
    ///
    /// let client = wharf::Client::builder()
    ///     .headers_per_attempt(|_uri| async {
    ///         let token = renewed_token().await?;
    ///         let mut headers = HeaderMap::new();
    ///         headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse()?);
    ///         Ok::<_, Box<dyn std::error::Error + Send + Sync>>(headers)
    ///     })
    ///     .build();
    /// # drop(client);
    /// ```
    ///
    /// An error, or a header that [`header`](Self::header) would not take, fails the attempt at
    /// [`Stage::Headers`](crate::Stage::Headers).
    ///
    /// # Cancel safety
    /// The future is dropped when the attempt is dropped or its deadline strikes.
    #[must_use]
    pub fn headers_per_attempt<F, E>(
        mut self,
        make: impl Fn(Uri) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<HeaderMap, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        self.0.hook = HeaderHook::new(make);
        self
    }

    /// Follows up to `limit` redirects, one after the other: 301, 302, 303, 307 and 308. Default: none is
    /// followed, and a redirect is a refusal as any other.
    ///
    /// Each hop has a key of its own and chooses its proxy anew; all have the one deadline. Another origin
    /// (scheme, host or port) is sent no `Authorization`, no `Cookie` and nothing of
    /// [`headers_per_attempt`](Self::headers_per_attempt), and neither is anybody after it. What a redirect must
    /// not do, such as lead from `wss` to `ws` or in a circle, is a [`RedirectError`](crate::RedirectError).
    #[must_use]
    pub const fn follow_redirects(mut self, limit: u8) -> Self {
        self.0.redirects = Redirects::Followed(limit);
        self
    }

    /// Connects through this proxy. Default: none, whatever the environment says.
    #[must_use]
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.0.proxies = Proxies::Given(Arc::new(proxy));
        self
    }

    /// Connects through the proxies that the environment names at this moment. Default: the environment is not
    /// read.
    ///
    /// | for | the first of these that is not empty |
    /// |---|---|
    /// | `wss://` | `wss_proxy`, `WSS_PROXY`, `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY` |
    /// | `ws://` | `ws_proxy`, `WS_PROXY`, `https_proxy`, `HTTPS_PROXY`, `http_proxy`, `all_proxy`, `ALL_PROXY` |
    ///
    /// Each is a URL as [`Proxy::new`] takes it. A proxy for HTTPS is liked better than one for HTTP, as RFC
    /// 6455 §4.1 says. `HTTP_PROXY` in capitals is never read: in a CGI program whoever asks can set it, by a
    /// header `Proxy`.
    ///
    /// `no_proxy`, or else `NO_PROXY`, lists hosts that are connected to directly, read as curl reads it: names
    /// between commas or spaces, each for itself and for what is below it, with or without a dot before it;
    /// addresses; networks such as `10.0.0.0/8`; or `*` for everything. There are no ports in it.
    ///
    /// # Errors
    /// A variable that names no proxy.
    pub fn proxy_from_env(mut self) -> Result<Self, ClientSettingError> {
        let environment = Environment::of_process().map_err(Fault::Variable)?;
        self.0.proxies = Proxies::Environment(Arc::new(environment));
        Ok(self)
    }

    /// Options of TCP connections. Default: those of [`TcpOptions`].
    #[must_use]
    pub fn tcp(mut self, options: TcpOptions) -> Self {
        self.0.network.tcp = options;
        self
    }

    /// Finds the addresses of names, of servers and of proxies. Default: the system does.
    #[must_use]
    pub fn resolver(mut self, resolver: impl Resolve) -> Self {
        self.0.network.resolver = Some(Arc::new(resolver));
        self
    }

    /// Makes the connections, to servers or to the proxy; resolver and TCP options are then not used. Default:
    /// TCP.
    #[must_use]
    pub fn dialer(mut self, dialer: impl Dial) -> Self {
        self.0.network.dialer = Some(Arc::new(dialer));
        self
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

    /// How long one attempt may take, all its stages together: headers that are made for it, name resolution,
    /// connection, proxy, TLS, opening handshake, redirects.
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
        let offer = self.0.request.offer("localhost", "/").map_err(Fault::Offer)?;
        let headers = self.0.request.headers.iter().cloned().collect();
        dress(offer, &headers).map_err(Fault::Offer)?;
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
    HeaderOfProxy,
    Cookie,
    Subprotocol(InvalidSubprotocol),
    Offer(OfferError),
    Variable(InvalidVariable),
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
            Fault::HeaderOfProxy => f.write_str(OF_PROXY),
            Fault::Cookie => f.write_str(
                "no cookie is like this: its name is a token, its value visible ASCII without quotes, \
                 commas, semicolons and backslashes (RFC 6265 §4.1.1)",
            ),
            Fault::Variable(error) => error.fmt(f),
            Fault::Subprotocol(error) => error.fmt(f),
            Fault::Offer(error) => error.fmt(f),
        }
    }
}

impl Error for ClientSettingError {}

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
            "Proxy-Authorization",
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
