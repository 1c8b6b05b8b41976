//! What may be typed about limits and trusted proxies.

use crate::values;
use clap::{ArgAction, Args, ValueEnum};
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};

/// How much is served at once, and how fast.
#[derive(Debug, Args)]
pub(crate) struct LimitArgs {
    /// The most connections served at once, shared out evenly among the threads; one more is answered with 503
    #[arg(long, value_name = "N", default_value = "65536", help_heading = "Limits")]
    pub(crate) max_connections: NonZeroUsize,

    /// The most connections of one address (IPv6: of one /64) on each thread; one more is answered with 429
    /// [default: no limit]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub(crate) max_connections_per_address: Option<NonZeroUsize>,

    /// The most handshakes under way; further ones wait
    #[arg(long, value_name = "N", default_value = "1024", help_heading = "Limits")]
    pub(crate) max_handshakes: NonZeroUsize,

    /// The most messages that a connection may send in a second [default: no limit]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub(crate) messages_per_second: Option<NonZeroU32>,

    /// The most bytes that a connection may send in a second, as they come [default: no limit]
    #[arg(long, value_name = "BYTES", value_parser = values::rate, help_heading = "Limits")]
    pub(crate) bytes_per_second: Option<NonZeroU64>,

    /// What to do with a connection that sends more: read it later, or close it with 1008
    #[arg(long, value_name = "WHAT", default_value = "delay", help_heading = "Limits")]
    pub(crate) over_rate: OverRate,

    /// The most bytes that may wait for a peer that reads too slowly
    #[arg(long, value_name = "BYTES", default_value = "1M", value_parser = values::size, help_heading = "Limits")]
    pub(crate) max_outbox: usize,

    /// What to do when more would wait: wait for the peer, drop the message, or close with 1013
    #[arg(long, value_name = "WHAT", default_value = "wait", help_heading = "Limits")]
    pub(crate) on_full: OnFull,
}

/// Who is believed about the client's address.
#[derive(Debug, Args)]
pub(crate) struct ProxyArgs {
    /// A network of proxies, such as 10.0.0.0/8; may be repeated
    ///
    /// Without --forwarded or --proxy-protocol it means nothing, and they mean nothing without it.
    #[arg(long, value_name = "CIDR", help_heading = "Proxies", action = ArgAction::Append)]
    pub(crate) trusted_proxy: Vec<String>,

    /// Believe what trusted proxies say in this header of whom they ask for
    ///
    /// The header of anybody else means nothing. One that a trusted proxy wrote and that names nobody is answered with
    /// 400.
    #[arg(long, value_name = "HEADER", requires = "trusted_proxy", help_heading = "Proxies")]
    pub(crate) forwarded: Option<Header>,

    /// Expect each connection from a trusted proxy to start with a PROXY header (version 1 or 2)
    ///
    /// A connection from a trusted proxy that starts without it is closed.
    #[arg(long, requires = "trusted_proxy", help_heading = "Proxies")]
    pub(crate) proxy_protocol: bool,
}

/// What becomes of a peer that sends too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OverRate {
    /// It is read no faster
    Delay,
    /// It is closed with 1008
    Close,
}

/// What becomes of a message that a peer reads too slowly for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnFull {
    /// It waits, and what the peer sends meanwhile too
    Wait,
    /// It is forgotten
    Drop,
    /// The connection is closed with 1013
    Close,
}

/// Where proxies say whom they ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Header {
    /// RFC 7239
    Forwarded,
    /// With X-Forwarded-Host and X-Forwarded-Proto
    XForwardedFor,
}
