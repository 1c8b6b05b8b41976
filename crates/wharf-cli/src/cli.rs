//! What may be typed: one definition for parsing, help, completions and man pages. No behaviour.

use crate::{
    audit_cli::{AUDIT_EXAMPLES, AuditArgs},
    bench::flags::{BENCH_EXAMPLES, Bench},
    check_cli::{CHECK_EXAMPLES, CheckArgs},
    deflate::{self, DeflateHow},
    drain_cli::DrainArg,
    exit::ExitCode,
    limits_cli::{LimitArgs, ProxyArgs},
    slash,
    tls_arg::TlsArg,
    values::{self, Patience, Via, When},
};
use clap::{ArgAction, Args, Parser, Subcommand, ValueHint};
use clap_complete::Shell;
use http::{HeaderName, HeaderValue};
use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf, time::Duration};

/// Serve, connect and debug WebSockets.
#[derive(Debug, Parser)]
#[command(
    name = "wharf",
    version,
    long_version = concat!(env!("CARGO_PKG_VERSION"), "\nRFC 6455 (version 13), RFC 7692; TLS by rustls"),
    propagate_version = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "Use `-h` for a summary and `--help` for everything, with examples and exit codes.",
    after_long_help = exit_codes(),
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colour; `auto` looks at the terminal and at NO_COLOR
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub(crate) color: When,

    /// What to log on stderr: a level (error, warn, info, debug, trace) or `target=level,…`
    #[arg(
        long,
        global = true,
        value_name = "FILTER",
        env = "WHARF_LOG",
        hide_env_values = true,
        help_heading = "Output"
    )]
    pub(crate) log: Option<String>,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve an echo, and a page that speaks to it
    #[command(after_long_help = SERVE_EXAMPLES)]
    Serve(Box<Serve>),
    /// Talk to a WebSocket server, by hand or from a script
    #[command(visible_alias = "c", after_long_help = connect_notes())]
    Connect(Box<Connect>),
    /// Load a server and measure it
    #[command(after_long_help = bench_notes())]
    Bench(Box<Bench>),
    /// Ask a WebSocket server or client whether it keeps the rules
    #[command(after_long_help = check_notes())]
    Check(Box<CheckArgs>),
    /// Look for what a stranger could do to a WebSocket server
    #[command(after_long_help = audit_notes())]
    Audit(Box<AuditArgs>),
    /// Print a script that completes this command line in a shell
    #[command(after_long_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print a man page
    #[command(after_long_help = MAN_EXAMPLES)]
    Man {
        /// The subcommand it is about; none: the command as a whole
        #[arg(value_parser = ["serve", "connect", "bench", "check", "audit", "completions", "man"])]
        command: Option<String>,
    },
}

/// Serve an echo, and a page that speaks to it.
///
/// `/echo` and `/` send every message back as it came; `/` shows a browser a page that connects to it.
/// `/close?code=4001&reason=bye` closes at once, for tests of the other side. The URLs are printed on stdout,
/// the log goes to stderr; where nobody reads it, lines are dropped and counted, and nobody is kept waiting. SIGINT and
/// SIGTERM stop accepting and close the connections one after another, within `--drain`; who is still there then is
/// cut. How far that is, is told on stderr. A second signal ends at once.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each switch; Settings gives them a meaning"
)]
pub(crate) struct Serve {
    /// The address to listen on; port 0 takes a free one
    #[arg(
        long,
        short,
        value_name = "IP:PORT",
        default_value = "127.0.0.1:9001",
        env = "WHARF_ADDR",
        hide_env_values = true
    )]
    pub(crate) addr: SocketAddr,

    /// Threads, each with its own listener and event loop
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) threads: NonZeroUsize,

    /// Serve metrics to Prometheus at http://IP:PORT/metrics: an address of its own, which the public does not reach
    #[arg(long, value_name = "IP:PORT")]
    pub(crate) metrics: Option<SocketAddr>,

    #[command(flatten)]
    pub(crate) drain: DrainArg,

    /// Certificate chain in PEM; serves https and wss
    #[arg(long, value_name = "FILE", requires = "tls_key", value_hint = ValueHint::FilePath, help_heading = "TLS")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// Private key in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert", value_hint = ValueHint::FilePath, help_heading = "TLS")]
    pub(crate) tls_key: Option<PathBuf>,

    /// Make a certificate for this run and print its fingerprint
    #[arg(long, conflicts_with = "tls_cert", help_heading = "TLS")]
    pub(crate) tls_self_signed: bool,

    /// Which pages may connect: `https://app.example`, `https://*.example` [default: those of this host]
    #[arg(long, value_name = "PATTERN", help_heading = "Policy", action = ArgAction::Append)]
    pub(crate) origin: Vec<String>,

    /// Let a page from anywhere connect as whoever looks at it
    #[arg(long, conflicts_with = "origin", help_heading = "Policy")]
    pub(crate) dangerously_allow_any_origin: bool,

    /// The longest message and the longest frame, after inflation
    #[arg(long, value_name = "BYTES", default_value = "16M", value_parser = values::size, help_heading = "Policy")]
    pub(crate) max_message: usize,

    /// The most frames that one message may come in
    #[arg(long, value_name = "N", default_value = "4096", help_heading = "Policy")]
    pub(crate) max_fragments: u32,

    /// Close a connection when it is this old, or up to a tenth younger, with 1001 [default: never]
    #[arg(long, value_name = "TIME", value_parser = values::duration, help_heading = "Policy")]
    pub(crate) max_lifetime: Option<Duration>,

    #[command(flatten)]
    pub(crate) limits: LimitArgs,

    #[command(flatten)]
    pub(crate) proxies: ProxyArgs,

    /// Ping after so much silence; let it be less than a proxy on the way waits before it cuts
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = values::duration, help_heading = "Policy")]
    pub(crate) ping_every: Duration,

    /// A subprotocol that this server speaks; may be repeated, the best first
    #[arg(long, value_name = "NAME", help_heading = "Negotiation", action = ArgAction::Append)]
    pub(crate) subprotocol: Vec<String>,

    #[command(flatten)]
    pub(crate) deflate: DeflateArg,
}

/// How compression is negotiated.
#[derive(Debug, Args)]
pub(crate) struct DeflateArg {
    /// permessage-deflate: `on`, `off`, or a list of settings
    ///
    /// Settings, with commas between: `takeover` or `no-takeover` and `window=9..15` for both directions, or with
    /// `client-` or `server-` before them for one; `level=1..9` and `threshold=BYTES` for what is sent.
    #[arg(long, value_name = "HOW", default_value = "on", value_parser = deflate::parse,
        help_heading = "Negotiation")]
    pub(crate) deflate: DeflateHow,
}

/// Talk to a WebSocket server, by hand or from a script.
///
/// On a terminal lines are edited, with history, and what is received appears above the prompt. From a pipe each
/// line is sent as a message. What is received goes to stdout, everything else to stderr.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each switch; Settings gives them a meaning"
)]
pub(crate) struct Connect {
    /// `ws://` or `wss://`, host, port, path and query
    #[arg(value_hint = ValueHint::Url)]
    pub(crate) url: String,

    /// Send each line as text (the default)
    #[arg(long, short, overrides_with = "binary", help_heading = "Messages")]
    pub(crate) text: bool,

    /// Lines are hexadecimal: send each as a binary message, print binary messages as such lines
    #[arg(long, short, overrides_with = "text", help_heading = "Messages")]
    pub(crate) binary: bool,

    /// Print one object of JSON per event
    #[arg(long, short, help_heading = "Messages")]
    pub(crate) json: bool,

    /// Leave after the first message received
    #[arg(long, short = '1', help_heading = "Messages")]
    pub(crate) once: bool,

    /// After the end of the input go on listening this long, or `forever` [default: 1s; with --once, forever]
    #[arg(long, short, value_name = "TIME", value_parser = values::patience, help_heading = "Messages")]
    pub(crate) wait: Option<Patience>,

    /// A header for the request, as 'Name: value'
    #[arg(long, short = 'H', value_name = "HEADER", value_parser = values::header, help_heading = "Negotiation", action = ArgAction::Append)]
    pub(crate) header: Vec<(HeaderName, HeaderValue)>,

    /// A cookie for the request; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = values::cookie, help_heading = "Negotiation", action = ArgAction::Append)]
    pub(crate) cookie: Vec<(String, String)>,

    /// A subprotocol to offer; may be repeated, the best first
    #[arg(long, short, value_name = "NAME", help_heading = "Negotiation", action = ArgAction::Append)]
    pub(crate) subprotocol: Vec<String>,

    /// The Origin to claim, as a browser would
    #[arg(long, value_name = "ORIGIN", help_heading = "Negotiation")]
    pub(crate) origin: Option<HeaderValue>,

    #[command(flatten)]
    pub(crate) deflate: DeflateArg,

    #[command(flatten)]
    pub(crate) tls: TlsArg,

    /// Connect to this Unix socket; the URL still names host and path
    #[cfg(unix)]
    #[arg(long, value_name = "PATH", conflicts_with_all = ["proxy", "follow"],
        value_hint = ValueHint::FilePath, help_heading = "Connection")]
    pub(crate) unix: Option<PathBuf>,

    /// Connect through this proxy: `http://`, `https://`, `socks5://` or `socks5h://`, or `env`
    ///
    /// `socks5h` has the proxy resolve the name. A user name and a password in the URL go to the proxy only. `env`
    /// takes the proxy from wss_proxy, https_proxy or all_proxy for wss, and from ws_proxy, https_proxy, http_proxy or
    /// all_proxy for ws, each also in capitals except HTTP_PROXY; no_proxy lists the exceptions. Without this flag
    /// no proxy is used and no variable read.
    #[arg(long, value_name = "URL", value_parser = values::proxy, help_heading = "Connection")]
    pub(crate) proxy: Option<Via>,

    /// Follow up to N redirects; authorisation and cookies stay with the first origin, wss never becomes ws
    #[arg(long, value_name = "N", help_heading = "Connection")]
    pub(crate) follow: Option<u8>,

    /// One deadline for name, TCP, proxy, TLS, handshake and redirects
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = values::duration, help_heading = "Connection")]
    pub(crate) timeout: Duration,

    /// Send pings, this far apart, and tell the round-trip times
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = "1s",
        value_parser = values::duration, help_heading = "Connection")]
    pub(crate) ping: Option<Duration>,

    /// The longest message and the longest frame, after inflation
    #[arg(long, value_name = "BYTES", default_value = "16M", value_parser = values::size, help_heading = "Connection")]
    pub(crate) max_message: usize,

    /// Show pings and pongs
    #[arg(long, help_heading = "Output")]
    pub(crate) show_control: bool,

    /// Show the handshake: request, response, and what was agreed
    #[arg(long, short, help_heading = "Output")]
    pub(crate) verbose: bool,
}

fn exit_codes() -> String {
    format!("Exit codes:\n{}", ExitCode::table())
}

fn check_notes() -> String {
    format!("{CHECK_EXAMPLES}\n\n{}", exit_codes())
}

fn audit_notes() -> String {
    format!("{AUDIT_EXAMPLES}\n\n{}", exit_codes())
}

fn connect_notes() -> String {
    let commands: Vec<String> = slash::HELP.lines().map(|line| format!("  {line}")).collect();
    format!("{CONNECT_EXAMPLES}\nOn a terminal:\n{}\n\n{}", commands.join("\n"), exit_codes())
}

fn bench_notes() -> String {
    format!("{BENCH_EXAMPLES}\n{}", exit_codes())
}

const SERVE_EXAMPLES: &str = "\
Examples:
  wharf serve
      Then look at http://127.0.0.1:9001/
  wharf serve --addr 0.0.0.0:9443 --tls-self-signed
      https and wss on every interface
  wharf serve --origin https://app.example --origin 'https://*.app.example'
      Let these pages connect, and no others
  wharf serve --messages-per-second 50 --bytes-per-second 256K --over-rate close
      Close connections that send more
  wharf serve --trusted-proxy 10.0.0.0/8 --forwarded x-forwarded-for
      Behind a reverse proxy: count connections by the address of the client
  wharf serve --deflate no-takeover,window=12 --threads 4
      Less memory for each connection, more processors
  wharf serve --metrics 127.0.0.1:9090
      Then: curl http://127.0.0.1:9090/metrics";

const CONNECT_EXAMPLES: &str = "\
Examples:
  wharf connect ws://127.0.0.1:9001/echo
      Type; /help tells the commands, Ctrl-D leaves
  echo hello | wharf connect --once ws://127.0.0.1:9001/echo
      Send one message, print one message
  wharf connect -v -H 'Authorization: Bearer …' --subprotocol chat wss://api.example/socket
      Show the handshake
  wharf connect --proxy socks5h://127.0.0.1:1080 --follow 3 wss://api.example/socket
      Through a proxy that resolves the name, along up to three redirects
  wharf connect --json --wait forever wss://feed.example </dev/null | jq .data
      Listen, one object per event
";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  wharf completions bash >~/.local/share/bash-completion/completions/wharf
  wharf completions zsh >~/.zfunc/_wharf
  wharf completions fish >~/.config/fish/completions/wharf.fish";

const MAN_EXAMPLES: &str = "\
Examples:
  wharf man | man -l -
  wharf man connect >/usr/local/share/man/man1/wharf-connect.1";
