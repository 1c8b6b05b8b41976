//! The server under test.

use super::{
    pipe::Pipe,
    stream::Stream,
    tls::Trust,
    transcript::{Actor, Transcript},
};
use std::{fmt, io};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};
use url::{Host, Url};

/// A server to be tested, by its URL.
#[derive(Clone)]
pub struct Target {
    url: Url,
    host: String,
    path: String,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    fields: Vec<(String, String)>,
}

/// Why a target cannot be tested.
#[derive(Debug)]
pub enum TargetError {
    /// The URL cannot be meant.
    Url(String),
    /// The certificates cannot be used.
    Trust(String),
    /// Somebody answers, but TLS fails: certificate, name or version.
    Tls(io::Error),
    /// Nobody answers there.
    Unreachable(io::Error),
    /// It answers, but does not upgrade.
    NoUpgrade(String),
    /// It answers, but does not upgrade or does not echo.
    NoEcho(String),
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(told) => write!(f, "{told}; write it as ws://host:port/path or wss://…"),
            Self::Trust(told) => f.write_str(told),
            Self::Tls(error) => write!(f, "TLS failed: {error}"),
            Self::Unreachable(error) => write!(f, "the target cannot be reached: {error}"),
            Self::NoUpgrade(told) => write!(f, "the target opens no WebSocket: {told}"),
            Self::NoEcho(told) => write!(
                f,
                "the target does not echo a text message, so that nothing can be asked of it: {told}; \
                 name its echo with --path"
            ),
        }
    }
}

impl std::error::Error for TargetError {}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

impl Target {
    /// By `ws://` or `wss://`; the whole URL echoes.
    pub fn new(url: &str, trust: &Trust) -> Result<Self, TargetError> {
        let unfit = |told: &str| TargetError::Url(format!("{url:?} {told}"));
        let parsed = Url::parse(url).map_err(|error| unfit(&format!("is no URL ({error})")))?;
        let host = parsed.host().ok_or_else(|| unfit("names no host"))?.to_owned();
        let tls = match parsed.scheme() {
            "ws" | "http" => None,
            "wss" | "https" => {
                let connector = trust.connector().map_err(TargetError::Trust)?;
                Some((connector, server_name(&host).ok_or_else(|| unfit("names no host of TLS"))?))
            }
            _ => return Err(unfit("has another scheme than ws or wss")),
        };
        let authority =
            parsed.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
        let query = parsed.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("{}{query}", parsed.path());
        Ok(Self { url: parsed, host: authority, path, tls, fields: Vec::new() })
    }

    /// With another path, where the echo is.
    #[must_use]
    pub fn with_path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// With this header in each request, such as a cookie.
    #[must_use]
    pub fn with_field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As it was named.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Where a request goes.
    pub(crate) fn place(&self) -> super::open::Place<'_> {
        let scheme = if self.tls.is_some() { "wss" } else { "ws" };
        super::open::Place { scheme, host: &self.host, path: &self.path, fields: &self.fields }
    }

    /// Connects for the first time.
    pub(crate) async fn reach(&self, until: Instant) -> Result<Pipe, TargetError> {
        self.connect(until).await.map_err(|error| {
            let is_tls = error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
            if is_tls { TargetError::Tls(error) } else { TargetError::Unreachable(error) }
        })
    }

    /// Connects, and does TLS.
    pub(crate) async fn connect(&self, until: Instant) -> io::Result<Pipe> {
        let mut transcript = Transcript::new();
        let stream = timeout_at(until, self.stream()).await.map_err(|_| timed_out())??;
        transcript.note(Actor::Tester, format!("connected to {}", self.host));
        Ok(Pipe::new(stream, transcript))
    }

    /// The name that TLS asks for, if the URL has one.
    pub(crate) fn name(&self) -> Option<&str> {
        self.url.domain()
    }

    /// Connects, without TLS whatever the URL says.
    pub(crate) async fn dial(&self) -> io::Result<TcpStream> {
        let port = self.url.port_or_known_default().unwrap_or(80);
        let host = match self.url.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => String::new(),
        };
        let tcp = TcpStream::connect((host, port)).await?;
        tcp.set_nodelay(true)?;
        Ok(tcp)
    }

    async fn stream(&self) -> io::Result<Stream> {
        let tcp = self.dial().await?;
        Ok(match &self.tls {
            None => Stream::Plain(tcp),
            Some((connector, name)) => {
                Stream::Tls(Box::new(connector.connect(name.clone(), tcp).await?))
            }
        })
    }
}

fn timed_out() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "no connection within the bound")
}

fn server_name(host: &Host) -> Option<ServerName<'static>> {
    Some(match host {
        Host::Domain(name) => ServerName::try_from(name.clone()).ok()?,
        Host::Ipv4(address) => ServerName::IpAddress((*address).into()),
        Host::Ipv6(address) => ServerName::IpAddress((*address).into()),
    })
}
