//! What may be typed after `wharf bench`. No behaviour.

use super::values::{self as bench, Threshold};
use crate::{
    deflate::{self, DeflateHow},
    tls_arg::TlsArg,
    values,
};
use clap::{ArgAction, ArgGroup, Args, ValueEnum, ValueHint};
use http::{HeaderName, HeaderValue};
use std::{
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};
use wharf_bench::Sizes;

/// Load a server and measure it.
///
/// The server echoes, unless `--fan-out`, `--connect` or `--idle` say otherwise. As it is, each connection sends a
/// message when its answer has come (a closed loop, which is as fast as the server); with `--rate` messages go out by
/// the clock, and latency counts from when each was due.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("load").args(["fan_out", "connect", "idle"]))]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each switch; BenchSettings gives them a meaning"
)]
pub(crate) struct Bench {
    /// `ws://` or `wss://`, host, port, path and query
    #[arg(value_hint = ValueHint::Url)]
    pub(crate) url: String,

    /// Connections
    #[arg(long, short, value_name = "N", default_value = "100", help_heading = "Load")]
    pub(crate) connections: NonZeroU32,

    /// Messages under way on each connection [default: 1; with --rate at most 1024]
    #[arg(long, short = 'p', value_name = "N", help_heading = "Load")]
    pub(crate) in_flight: Option<NonZeroU32>,

    /// Messages per second over all connections, by the clock: `2500`, `100k`, `1.5M`
    #[arg(long, short, value_name = "RATE", value_parser = bench::rate, help_heading = "Load")]
    pub(crate) rate: Option<f64>,

    /// How long to measure [default: 10s]
    #[arg(long, short, value_name = "TIME", value_parser = values::duration, conflicts_with = "messages", help_heading = "Load")]
    pub(crate) duration: Option<Duration>,

    /// Measure so many messages, however long it takes: `1000`, `10M`
    #[arg(long, short = 'n', value_name = "N", value_parser = bench::count, help_heading = "Load")]
    pub(crate) messages: Option<u64>,

    /// How long the load runs before it counts [default: 500ms]
    #[arg(long, value_name = "TIME", value_parser = values::duration, conflicts_with = "messages", help_heading = "Load")]
    pub(crate) warm_up: Option<Duration>,

    /// Threads of the generator
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Load")]
    pub(crate) threads: NonZeroUsize,

    /// One connection sends, the server sends it to all: count deliveries, in order
    #[arg(long, help_heading = "Load")]
    pub(crate) fan_out: bool,

    /// Open connections, close them, open them again: count handshakes
    #[arg(long, help_heading = "Load")]
    pub(crate) connect: bool,

    /// Open connections and hold them, after the handshake, an echo, or a burst of `--in-flight` echoes
    #[arg(long, value_name = "AFTER", num_args = 0..=1, require_equals = true, default_missing_value = "handshake", help_heading = "Load")]
    pub(crate) idle: Option<After>,

    /// Bytes of a message: `512`, `16K`, `uniform:1..4K`, `32:90%,16K:10%`
    #[arg(long, short, value_name = "SIZES", default_value = "512", help_heading = "Messages")]
    pub(crate) size: Sizes,

    /// Send text
    #[arg(long, short, overrides_with = "binary", help_heading = "Messages")]
    pub(crate) text: bool,

    /// Send binary messages (the default)
    #[arg(long, short, overrides_with = "text", help_heading = "Messages")]
    pub(crate) binary: bool,

    /// What messages look like
    #[arg(long, value_name = "CONTENT", default_value = "random", help_heading = "Messages")]
    pub(crate) payload: Looks,

    /// Compare every answer, or only the first of each connection
    #[arg(long, value_name = "WHICH", default_value = "first", help_heading = "Messages")]
    pub(crate) verify: Which,

    /// A header for the request, as 'Name: value'
    #[arg(long, short = 'H', value_name = "HEADER", value_parser = values::header, help_heading = "Negotiation", action = ArgAction::Append)]
    pub(crate) header: Vec<(HeaderName, HeaderValue)>,

    /// A subprotocol to offer; may be repeated, the best first
    #[arg(long, value_name = "NAME", help_heading = "Negotiation", action = ArgAction::Append)]
    pub(crate) subprotocol: Vec<String>,

    /// permessage-deflate: `off`, `on`, or settings as for `wharf connect`
    #[arg(long, value_name = "HOW", default_value = "off", value_parser = deflate::parse,
        help_heading = "Negotiation")]
    pub(crate) deflate: DeflateHow,

    #[command(flatten)]
    pub(crate) tls: TlsArg,

    /// How long a connection may take to open, and the last answers to come
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = values::duration, help_heading = "Connection")]
    pub(crate) timeout: Duration,

    /// The server's process: tell its processor time per message and its memory (Linux)
    #[arg(long, value_name = "PID", help_heading = "Report")]
    pub(crate) pid: Option<u32>,

    /// Write the report as JSON; `-` is stdout, instead of the text
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Report")]
    pub(crate) json: Option<PathBuf>,

    /// Write the report as one page of HTML, with plots
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Report")]
    pub(crate) html: Option<PathBuf>,

    /// Compare with a report that `--json` wrote
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Report")]
    pub(crate) compare: Option<PathBuf>,

    /// Show nothing while it runs
    #[arg(long, short, help_heading = "Report")]
    pub(crate) quiet: bool,

    /// Exit with 10 if this holds: 'p99>5ms', 'rate<100k', 'errors>0'; may be repeated
    #[arg(long, value_name = "CONDITION", help_heading = "Report", action = ArgAction::Append)]
    pub(crate) fail_if: Vec<Threshold>,
}

/// What idle connections have done before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum After {
    /// Nothing but the handshake
    Handshake,
    /// One echo
    Echo,
    /// One echo, then a burst of as many as `--in-flight` says
    Burst,
}

/// What a payload looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Looks {
    /// Letters and digits
    Random,
    /// Records of JSON
    Json,
}

/// Which answers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Which {
    /// The first of each connection; then they are counted
    First,
    /// Every one
    All,
}

pub(crate) const BENCH_EXAMPLES: &str = "\
Examples:
  wharf bench ws://127.0.0.1:9001/echo
      100 connections, one message of 512 bytes under way on each, for ten seconds
  wharf bench -c 1000 -p 16 -s 32 --pid $(pgrep my-server) ws://127.0.0.1:9001/echo
      As fast as it goes, and what it costs the server
  wharf bench --rate 50k --fail-if 'p99>5ms' --fail-if 'errors>0' --json now.json ws://127.0.0.1:9001/echo
      A steady load, with a verdict for CI
  wharf bench --connect -c 64 wss://api.example/socket
      Handshakes per second
  wharf bench --idle=burst -c 9000 -p 16 -s 1K --pid 4711 -d 5s ws://127.0.0.1:9001/echo
      Memory per connection: after the handshake, an echo, and a burst
";
