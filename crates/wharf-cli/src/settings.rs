//! What the flags mean.

use crate::{
    cli,
    exit::ExitCode,
    failure::Failure,
    limit_settings::{Believed, Caps},
    report::{Control, Form, Json},
    tls_arg::TlsArg,
    values::{Patience, Via},
};
use std::{fs, net::SocketAddr, num::NonZeroUsize, path::Path, time::Duration};
use wharf::{
    Accept, Client, ClientBuilder, ClientSettingError, Config, DrainPlan, OriginPolicy, Role,
    ServerTls, Subprotocol, Tls,
};

/// What `wharf serve` does.
#[derive(Debug)]
pub(crate) struct ServeSettings {
    pub(crate) addr: SocketAddr,
    pub(crate) threads: NonZeroUsize,
    pub(crate) drain: DrainPlan,
    pub(crate) metrics: Option<SocketAddr>,
    pub(crate) security: Security,
    pub(crate) origins: OriginPolicy,
    pub(crate) accept: Accept,
    pub(crate) handshakes: NonZeroUsize,
    pub(crate) caps: Caps,
    pub(crate) believed: Believed,
}

/// Whether a server speaks TLS.
#[derive(Debug)]
pub(crate) enum Security {
    /// It does not.
    Plain,
    /// With a certificate of the user's.
    Given(ServerTls),
    /// With one made for this run.
    SelfSigned,
}

impl ServeSettings {
    /// Reads the files that the flags name.
    pub(crate) fn new(flags: cli::Serve) -> Result<Self, Failure> {
        let security = match (&flags.tls_cert, &flags.tls_key) {
            (Some(chain), Some(key)) => Security::Given(given(chain, key)?),
            (None, _) | (_, None) => {
                if flags.tls_self_signed {
                    Security::SelfSigned
                } else {
                    Security::Plain
                }
            }
        };
        Ok(Self {
            addr: flags.addr,
            threads: flags.threads,
            drain: flags.drain.plan(),
            metrics: flags.metrics,
            security,
            origins: origins(&flags)?,
            accept: accept(&flags)?,
            handshakes: flags.limits.max_handshakes,
            caps: flags.limits.caps(flags.threads),
            believed: Believed::new(&flags.proxies)?,
        })
    }
}

fn given(chain: &Path, key: &Path) -> Result<ServerTls, Failure> {
    ServerTls::from_pem(&read(chain)?, &read(key)?)
        .map_err(|error| Failure::because(ExitCode::Failure, &error))
}

fn origins(flags: &cli::Serve) -> Result<OriginPolicy, Failure> {
    if flags.dangerously_allow_any_origin {
        Ok(OriginPolicy::dangerously_allow_any_origin())
    } else if flags.origin.is_empty() {
        Ok(OriginPolicy::same_host())
    } else {
        OriginPolicy::only(&flags.origin).map_err(|error| Failure::because(ExitCode::Usage, &error))
    }
}

fn accept(flags: &cli::Serve) -> Result<Accept, Failure> {
    let mut config = Config::new(Role::Server);
    config.limits.frame = flags.max_message;
    config.limits.message = flags.max_message;
    config.limits.fragments = flags.max_fragments;
    config.timeouts.lifetime = flags.max_lifetime;
    flags.limits.configure(&mut config.limits);
    config.timeouts.ping_every = Some(flags.ping_every);
    // Whoever answers Pings is not idle.
    config.timeouts.idle = config.timeouts.idle.max(Some(flags.ping_every.saturating_mul(2)));
    let how = flags.deflate.deflate;
    how.configure(&mut config);
    let names: Result<Vec<_>, _> = flags.subprotocol.iter().map(Subprotocol::new).collect();
    let names = names.map_err(|error| Failure::because(ExitCode::Usage, &error))?;
    let accept = Accept::new().config(config).subprotocols(names);
    Ok(match how.policy(Role::Server) {
        Some(policy) => accept.deflate(policy),
        None => accept,
    })
}

/// What `wharf connect` does.
#[derive(Debug)]
pub(crate) struct ConnectSettings {
    pub(crate) url: String,
    pub(crate) client: ClientBuilder,
    #[cfg(unix)]
    pub(crate) unix: Option<std::path::PathBuf>,
    pub(crate) form: Form,
    pub(crate) json: Json,
    pub(crate) amount: Amount,
    pub(crate) wait: Patience,
    pub(crate) ping: Option<Duration>,
    pub(crate) control: Control,
    pub(crate) handshake: Handshake,
    pub(crate) trust: Trust,
}

/// How many messages are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amount {
    /// All that come.
    All,
    /// The first.
    First,
}

/// Whether request and response are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handshake {
    /// They are.
    Shown,
    /// They are not.
    Hidden,
}

/// Whom TLS trusts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Whoever has a certificate from a trusted root.
    Verified,
    /// Anybody.
    Anybody,
}

impl ConnectSettings {
    /// Reads the files that the flags name.
    pub(crate) fn new(flags: cli::Connect) -> Result<Self, Failure> {
        let trust = flags.tls.trust();
        let amount = if flags.once { Amount::First } else { Amount::All };
        Ok(Self {
            client: client(&flags)?.tls(tls(&flags.tls)?),
            form: if flags.binary && !flags.text { Form::Hex } else { Form::Text },
            json: if flags.json { Json::Events } else { Json::Off },
            wait: flags.wait.unwrap_or(match amount {
                Amount::All => Patience::For(Duration::from_secs(1)),
                Amount::First => Patience::Forever,
            }),
            control: if flags.show_control { Control::Shown } else { Control::Hidden },
            handshake: if flags.verbose { Handshake::Shown } else { Handshake::Hidden },
            url: flags.url,
            #[cfg(unix)]
            unix: flags.unix,
            ping: flags.ping,
            amount,
            trust,
        })
    }
}

fn client(flags: &cli::Connect) -> Result<ClientBuilder, Failure> {
    let mut config = Config::new(Role::Client);
    config.limits.frame = flags.max_message;
    config.limits.message = flags.max_message;
    let how = flags.deflate.deflate;
    how.configure(&mut config);
    let builder =
        Client::builder().config(config).deflate(how.policy(Role::Client)).deadline(flags.timeout);
    request(builder, flags).map_err(|error| Failure::because(ExitCode::Usage, &error))
}

fn request(
    builder: ClientBuilder,
    flags: &cli::Connect,
) -> Result<ClientBuilder, ClientSettingError> {
    let mut builder = builder.subprotocols(&flags.subprotocol)?;
    for (name, value) in &flags.header {
        builder = builder.header(name, value)?;
    }
    for (name, value) in &flags.cookie {
        builder = builder.cookie(name, value)?;
    }
    builder = match &flags.proxy {
        Some(Via::Given(proxy)) => builder.proxy(proxy.clone()),
        Some(Via::Environment) => builder.proxy_from_env()?,
        None => builder,
    };
    if let Some(limit) = flags.follow {
        builder = builder.follow_redirects(limit);
    }
    match &flags.origin {
        Some(origin) => builder.origin(origin),
        None => Ok(builder),
    }
}

/// What is said to whoever trusts anybody.
pub(crate) const INSECURE: &str = "--insecure: certificates are not verified; whoever sits between can read and change \
                        everything, as without TLS";

impl TlsArg {
    /// Whom TLS trusts.
    pub(crate) const fn trust(&self) -> Trust {
        if self.insecure { Trust::Anybody } else { Trust::Verified }
    }
}

/// Reads the files that the flags name.
pub(crate) fn tls(flags: &TlsArg) -> Result<Tls, Failure> {
    let unfit = |error| Failure::because(ExitCode::Failure, &error);
    let mut builder = Tls::builder();
    if let Some(roots) = &flags.cacert {
        builder = builder.without_platform_roots().root_pem(read(roots)?).map_err(unfit)?;
    }
    if let (Some(chain), Some(key)) = (&flags.cert, &flags.key) {
        builder = builder.client_certificate_pem(read(chain)?, read(key)?).map_err(unfit)?;
    }
    Ok(match flags.trust() {
        Trust::Anybody => builder.dangerously_accept_any_certificate().build(),
        Trust::Verified => builder.build(),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        Failure::new(ExitCode::Failure, format!("{} cannot be read: {error}", path.display()))
    })
}
