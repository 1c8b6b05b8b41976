//! Whom to load, and what to ask for.

use http::{HeaderName, HeaderValue};
use rustls::{ClientConfig, pki_types::ServerName};
use std::{
    fmt, io,
    net::{SocketAddr, ToSocketAddrs},
    sync::Arc,
};
use url::{Host, Position, Url};
use wharf_proto::{Config, Deflate, InvalidSubprotocol, Offer, OfferError, Role, Subprotocol};

/// A server, resolved.
#[derive(Debug, Clone)]
pub struct Target {
    pub(crate) url: String,
    pub(crate) address: SocketAddr,
    pub(crate) security: Security,
    pub(crate) offer: Arc<Offer>,
    pub(crate) config: Arc<Config>,
    /// Whether compression is offered.
    pub(crate) deflate: bool,
}

/// Whether TLS is spoken.
#[derive(Debug, Clone)]
pub(crate) enum Security {
    Plain,
    Tls(Arc<ClientConfig>, ServerName<'static>),
}

/// What is asked for, whatever the URL.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Headers beside those of the handshake.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Subprotocols, the best first.
    pub subprotocols: Vec<String>,
    /// permessage-deflate.
    pub deflate: Option<Deflate>,
    /// Limits, and how the own messages are compressed. Its timeouts are not used: a run has its own.
    pub config: Config,
}

impl Target {
    /// Looks the host up. `tls` is called if the URL says `wss`.
    ///
    /// # Errors
    /// A URL that leads to no WebSocket, a name without an address, or what `tls` said.
    pub fn new<E: fmt::Display>(
        url: &str,
        wishes: Wishes,
        tls: impl FnOnce() -> Result<Arc<ClientConfig>, E>,
    ) -> Result<Self, TargetError> {
        let parsed = Url::parse(url).map_err(|error| TargetError::Url(error.to_string()))?;
        let host = parsed.host().ok_or_else(|| TargetError::Url("it has no host".to_owned()))?;
        let (secure, default) = scheme(&parsed)?;
        let port = parsed.port().unwrap_or(default);
        Ok(Self {
            address: resolve(&host, port)?,
            security: if secure {
                let config = tls().map_err(|error| TargetError::Tls(error.to_string()))?;
                Security::Tls(config, server_name(&host)?)
            } else {
                Security::Plain
            },
            offer: Arc::new(offer(&parsed, &host, port, default, &wishes)?),
            config: Arc::new(quiet(wishes.config.clone())),
            deflate: wishes.deflate.is_some(),
            url: url.to_owned(),
        })
    }
}

/// No Pings of ours, and no deadline but the run's.
fn quiet(mut config: Config) -> Config {
    config.timeouts.idle = None;
    config.timeouts.ping_every = None;
    config.timeouts.write_stall = None;
    // What may be in flight bounds the queue.
    config.limits.outbox = usize::MAX;
    config
}

fn scheme(url: &Url) -> Result<(bool, u16), TargetError> {
    match url.scheme() {
        "ws" | "http" => Ok((false, 80)),
        "wss" | "https" => Ok((true, 443)),
        other => Err(TargetError::Url(format!("its scheme is {other:?}; write ws:// or wss://"))),
    }
}

fn resolve(host: &Host<&str>, port: u16) -> Result<SocketAddr, TargetError> {
    let found = match host {
        Host::Domain(name) => (*name, port).to_socket_addrs().map(|mut found| found.next()),
        Host::Ipv4(address) => Ok(Some((*address, port).into())),
        Host::Ipv6(address) => Ok(Some((*address, port).into())),
    };
    let none = || io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    let found = found.and_then(|found| found.ok_or_else(none));
    found.map_err(|error| TargetError::Name(host.to_string(), error))
}

fn server_name(host: &Host<&str>) -> Result<ServerName<'static>, TargetError> {
    match host {
        Host::Domain(name) => ServerName::try_from((*name).to_owned())
            .map_err(|_| TargetError::Tls(format!("no certificate can name the host {name:?}"))),
        Host::Ipv4(address) => Ok(ServerName::IpAddress((*address).into())),
        Host::Ipv6(address) => Ok(ServerName::IpAddress((*address).into())),
    }
}

fn offer(
    url: &Url,
    host: &Host<&str>,
    port: u16,
    default: u16,
    wishes: &Wishes,
) -> Result<Offer, TargetError> {
    let authority = if port == default { host.to_string() } else { format!("{host}:{port}") };
    let names: Result<Vec<_>, _> = wishes.subprotocols.iter().map(Subprotocol::new).collect();
    let offer = Offer::new(&authority, &url[Position::BeforePath..Position::AfterQuery])?
        .subprotocols(names?)?
        .deflate(wishes.deflate);
    let headers = wishes.headers.iter();
    Ok(headers.cloned().try_fold(offer, |offer, (name, value)| offer.header(name, value))?)
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            headers: Vec::new(),
            subprotocols: Vec::new(),
            deflate: None,
            config: Config::new(Role::Client),
        }
    }
}

/// A server that cannot be loaded: found before anything is sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum TargetError {
    /// The URL leads to no WebSocket.
    Url(String),
    /// The host has no address.
    Name(String, io::Error),
    /// What is asked for cannot be asked for.
    Offer(OfferError),
    /// A subprotocol is no token.
    Subprotocol(InvalidSubprotocol),
    /// TLS cannot be set up.
    Tls(String),
}

impl From<OfferError> for TargetError {
    fn from(error: OfferError) -> Self {
        Self::Offer(error)
    }
}

impl From<InvalidSubprotocol> for TargetError {
    fn from(error: InvalidSubprotocol) -> Self {
        Self::Subprotocol(error)
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(why) => write!(f, "the URL cannot be used: {why}"),
            Self::Name(host, why) => write!(f, "{host} was not found: {why}"),
            Self::Offer(why) => why.fmt(f),
            Self::Subprotocol(why) => why.fmt(f),
            Self::Tls(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for TargetError {}
