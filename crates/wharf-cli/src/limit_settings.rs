//! What the flags about limits and trusted proxies mean.

use crate::{
    exit::ExitCode,
    failure::Failure,
    limits_cli::{Header, LimitArgs, OnFull, OverRate, ProxyArgs},
};
use std::num::NonZeroUsize;
use wharf::{AcceptorBuilder, CloseCode, ForwardedHeader, Limits, Rate, Server, TrustedProxies};

impl LimitArgs {
    /// The limits of each connection.
    pub(crate) fn configure(&self, limits: &mut Limits) {
        limits.outbox = self.max_outbox;
        limits.on_full = match self.on_full {
            OnFull::Wait => wharf::OnFull::Wait,
            OnFull::Drop => wharf::OnFull::Drop,
            OnFull::Close => wharf::OnFull::Close(CloseCode::TRY_AGAIN_LATER),
        };
        limits.rate = self.rate();
    }

    fn rate(&self) -> Option<Rate> {
        let (messages, bytes) = (self.messages_per_second, self.bytes_per_second);
        (messages.is_some() || bytes.is_some()).then(|| {
            let mut rate = Rate::default();
            (rate.messages, rate.bytes) = (messages, bytes);
            rate.over = match self.over_rate {
                OverRate::Delay => wharf::OverRate::Delay,
                OverRate::Close => wharf::OverRate::Close,
            };
            rate
        })
    }

    /// The limits of one of so many servers, which have all of it together.
    pub(crate) fn caps(&self, threads: NonZeroUsize) -> Caps {
        Caps {
            connections: self.max_connections.get().div_ceil(threads.get()),
            per_address: self.max_connections_per_address,
        }
    }
}

/// The caps of one server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caps {
    connections: usize,
    per_address: Option<NonZeroUsize>,
}

impl Caps {
    /// Sets them.
    pub(crate) fn on(self, server: Server) -> Server {
        let server = server.with_connections(self.connections);
        match self.per_address {
            Some(most) => server.with_connections_per_address(most.get()),
            None => server,
        }
    }
}

/// Whom to believe what.
#[derive(Debug)]
pub(crate) struct Believed {
    forwarded: Option<(ForwardedHeader, TrustedProxies)>,
    proxy_protocol: Option<TrustedProxies>,
}

impl Believed {
    /// Networks that are none, and networks that nothing is believed from, are errors.
    pub(crate) fn new(flags: &ProxyArgs) -> Result<Self, Failure> {
        if !flags.trusted_proxy.is_empty() && flags.forwarded.is_none() && !flags.proxy_protocol {
            let why = "--trusted-proxy says whom to believe; say what with --forwarded or --proxy-protocol";
            return Err(Failure::new(ExitCode::Usage, why.to_owned()));
        }
        let proxies = TrustedProxies::new(&flags.trusted_proxy)
            .map_err(|error| Failure::because(ExitCode::Usage, &error))?;
        let header = flags.forwarded.map(|header| match header {
            Header::Forwarded => ForwardedHeader::Forwarded,
            Header::XForwardedFor => ForwardedHeader::XForwardedFor,
        });
        Ok(Self {
            forwarded: header.map(|header| (header, proxies.clone())),
            proxy_protocol: flags.proxy_protocol.then_some(proxies),
        })
    }

    /// Sets it.
    pub(crate) fn on(self, mut builder: AcceptorBuilder) -> AcceptorBuilder {
        if let Some((header, proxies)) = self.forwarded {
            builder = builder.forwarded(header, proxies);
        }
        match self.proxy_protocol {
            Some(proxies) => builder.proxy_protocol(proxies),
            None => builder,
        }
    }
}
