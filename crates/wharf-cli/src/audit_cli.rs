//! What may be typed behind `wharf audit`.

use crate::values;
use clap::{ArgAction, Args, ValueHint};
use http::{HeaderName, HeaderValue};
use std::{path::PathBuf, time::Duration};

/// Look for what a stranger could do to a WebSocket server.
///
/// Only the host and port of the URL are contacted, over one connection after the other, each with a bound; redirects
/// are not followed, and nothing is sent that a server could suffer from unless `--bomb` or `--ping-flood` says so.
/// Audit only servers that are yours, or whose owner agrees.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each switch; commands/audit.rs gives them a meaning"
)]
pub(crate) struct AuditArgs {
    /// `ws://` or `wss://`: what is to be looked at
    #[arg(value_hint = ValueHint::Url)]
    pub(crate) url: String,

    /// A cookie of a user of yours: whether foreign pages get connections with it; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = values::cookie, help_heading = "Requests", action = ArgAction::Append)]
    pub(crate) cookie: Vec<(String, String)>,

    /// A header for each request, as 'Name: value'
    #[arg(long, short = 'H', value_name = "HEADER", value_parser = values::header, help_heading = "Requests", action = ArgAction::Append)]
    pub(crate) header: Vec<(HeaderName, HeaderValue)>,

    /// An Origin that is welcome [default: the server's own, or none]
    #[arg(long, value_name = "ORIGIN", help_heading = "Requests")]
    pub(crate) origin: Option<HeaderValue>,

    /// How long half a handshake is left standing
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = values::duration, help_heading = "Probes")]
    pub(crate) patience: Duration,

    /// Leave a silent connection standing this long, too
    #[arg(long, value_name = "TIME", value_parser = values::duration, help_heading = "Probes")]
    pub(crate) idle: Option<Duration>,

    /// Send a message that inflates to 64 MiB, too
    #[arg(long, help_heading = "Probes")]
    pub(crate) bomb: bool,

    /// Send 1,000 Pings at once, too
    #[arg(long, help_heading = "Probes")]
    pub(crate) ping_flood: bool,

    /// Go on whatever the certificate says, and make that a finding
    #[arg(long, short = 'k', help_heading = "TLS")]
    pub(crate) insecure: bool,

    /// Trust these certificates (PEM) and no others
    #[arg(long, alias = "ca", value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "TLS")]
    pub(crate) cacert: Option<PathBuf>,

    /// Write all findings and observations to this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(crate) json: Option<PathBuf>,
}

/// For the help.
pub(crate) const AUDIT_EXAMPLES: &str = "\
Examples:
  wharf audit wss://chat.example/socket
      What anybody could do, from outside
  wharf audit wss://chat.example/socket --cookie sid=0123456789
      What a page could do in the name of this user
  wharf audit ws://127.0.0.1:9001 --bomb --ping-flood --idle 2m --json audit.json
      Everything, and a file of it";
