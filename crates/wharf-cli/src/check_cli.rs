//! What may be typed behind `wharf check`.

use crate::values;
use clap::{ArgAction, Args, Subcommand, ValueEnum, ValueHint};
use http::{HeaderName, HeaderValue};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// Ask a WebSocket server or client whether it keeps the rules.
///
/// Each case sends something, right or wrong, and knows what may come back: `pass`; `fail`; `lax`, what must be refused
/// was accepted; `strict`, what may be accepted was refused; `n/a`, such as compression that was not agreed on.
#[derive(Debug, Args)]
#[command(subcommand_negates_reqs = true, args_conflicts_with_subcommands = true)]
pub(crate) struct CheckArgs {
    /// Who is asked.
    #[command(subcommand)]
    pub(crate) whom: Option<Whom>,

    /// Lay these reports (JSON) side by side on one page
    #[arg(long, value_name = "FILE", num_args = 1.., required = true, value_hint = ValueHint::FilePath)]
    pub(crate) matrix: Vec<PathBuf>,

    /// Where that page goes [default: stdout]
    #[arg(long, short, value_name = "FILE", requires = "matrix", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

/// Who is asked.
#[derive(Debug, Subcommand)]
pub(crate) enum Whom {
    /// A server that echoes what it gets
    Server(Box<CheckServer>),
    /// A client that echoes what it gets
    Client(Box<CheckClient>),
}

/// Ask a server that echoes what it gets.
#[derive(Debug, Args)]
pub(crate) struct CheckServer {
    /// `ws://` or `wss://`; the whole URL echoes
    #[arg(value_hint = ValueHint::Url)]
    pub(crate) url: String,

    /// Where the echo is, if not at the URL's path
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,

    /// A header for each request, as 'Name: value', such as a cookie
    #[arg(long, short = 'H', value_name = "HEADER", value_parser = values::header, action = ArgAction::Append)]
    pub(crate) header: Vec<(HeaderName, HeaderValue)>,

    /// Accept any certificate: whoever sits between can read and change everything
    #[arg(long, short = 'k', conflicts_with = "cacert", help_heading = "TLS")]
    pub(crate) insecure: bool,

    /// Trust these certificates (PEM) and no others
    #[arg(long, alias = "ca", value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "TLS")]
    pub(crate) cacert: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) run: CheckRun,
}

/// Ask a client that echoes what it gets.
///
/// With a command: it is started for each case, with a URL in place of `{url}` or as its last argument, and echoes until
/// the connection ends. Without one, a client may come and ask: `/count`, `/case?n=1`, `/report`, or the paths of the
/// Autobahn suite: `/getCaseCount`, `/runCase?case=1&agent=x`, `/getCaseStatus`, `/updateReports?agent=x`.
#[derive(Debug, Args)]
pub(crate) struct CheckClient {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, short, value_name = "IP:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// Certificate chain in PEM; the client connects with wss
    #[arg(long, value_name = "FILE", requires = "tls_key", value_hint = ValueHint::FilePath, help_heading = "TLS")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// Private key in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert", value_hint = ValueHint::FilePath, help_heading = "TLS")]
    pub(crate) tls_key: Option<PathBuf>,

    /// Make a certificate for this run, which the client has to take unseen
    #[arg(long, conflicts_with = "tls_cert", help_heading = "TLS")]
    pub(crate) tls_self_signed: bool,

    #[command(flatten)]
    pub(crate) run: CheckRun,

    /// The client, and its arguments
    #[arg(last = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments)]
    pub(crate) command: Vec<String>,
}

/// What is asked, and what is made of it.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each switch; commands/check.rs gives them a meaning"
)]
pub(crate) struct CheckRun {
    /// Only what takes some round trips
    #[arg(long, conflicts_with = "big", help_heading = "Cases")]
    pub(crate) quick: bool,

    /// Messages of up to 16 MiB, too
    #[arg(long, help_heading = "Cases")]
    pub(crate) big: bool,

    /// Only these: a group, an id, one of Autobahn's numbers; `*` stands for anything
    #[arg(long, value_name = "PATTERN", value_delimiter = ',', help_heading = "Cases")]
    pub(crate) only: Vec<String>,

    /// All but these
    #[arg(long, value_name = "PATTERN", value_delimiter = ',', help_heading = "Cases")]
    pub(crate) skip: Vec<String>,

    /// Only rules that are so binding, or more
    #[arg(long, value_name = "LEVEL", default_value = "practice", help_heading = "Cases")]
    pub(crate) level: CheckLevel,

    /// Connections at a time
    #[arg(long, short, value_name = "N", default_value = "32", help_heading = "Cases")]
    pub(crate) jobs: usize,

    /// How long a case may wait for a timer of the target's, such as that of its handshake [default: 40s, and
    /// 150s for a silent peer with --big]
    #[arg(long, value_name = "TIME", value_parser = values::duration, help_heading = "Cases")]
    pub(crate) patience: Option<Duration>,

    /// List the cases, and ask nothing
    #[arg(long, help_heading = "Output")]
    pub(crate) list: bool,

    /// Ask this case alone, and print its rule, its bytes and all that was on the wire
    #[arg(long, value_name = "ID", conflicts_with_all = ["only", "skip", "list"], help_heading = "Output")]
    pub(crate) explain: Option<String>,

    /// Write a report: `html=FILE`, `json=FILE` or `junit=FILE`; may be repeated
    #[arg(long, value_name = "KIND=FILE", value_parser = report, action = ArgAction::Append, help_heading = "Output")]
    pub(crate) report: Vec<(ReportKind, PathBuf)>,

    /// The target's name in reports [default: the URL, the command, or the name that the client gives itself]
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub(crate) name: Option<String>,

    /// Compare with this report (JSON): only what got worse counts
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(crate) baseline: Option<PathBuf>,
}

/// How binding a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckLevel {
    /// An RFC demands it
    Must,
    /// An RFC recommends it
    Should,
    /// No RFC says it; bugs of the field do
    Practice,
}

/// A kind of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReportKind {
    /// One page with everything in it.
    Html,
    /// For `--baseline` and `--matrix`.
    Json,
    /// For build servers.
    Junit,
}

fn report(text: &str) -> Result<(ReportKind, PathBuf), String> {
    let (kind, file) =
        text.split_once('=').ok_or("write it as html=FILE, json=FILE or junit=FILE")?;
    let kind = match kind {
        "html" => ReportKind::Html,
        "json" => ReportKind::Json,
        "junit" => ReportKind::Junit,
        _ => return Err(format!("no report is called {kind:?}; html, json and junit are")),
    };
    if file.is_empty() { Err("the file has no name".to_owned()) } else { Ok((kind, file.into())) }
}

/// For the help.
pub(crate) const CHECK_EXAMPLES: &str = "\
Examples:
  wharf check server ws://127.0.0.1:9001/echo
      Every case but the big messages, a table, and what is wrong
  wharf check server wss://echo.example --quick --report html=report.html
      The quick ones, and a page with every byte
  wharf check server ws://127.0.0.1:9001 --explain frames/rsv1
      One case, and all that was on the wire; an Autobahn number does, too
  wharf check client -- node echo-client.js
      Start this command for each case; the URL is its last argument
  wharf check client --listen 127.0.0.1:9001
      Let a driver of the Autobahn suite ask for case after case
  wharf check server ws://127.0.0.1:9001 --report json=new.json --baseline old.json
      For CI: exit 0 unless something got worse
  wharf check --matrix a.json b.json --output matrix.html
      Targets side by side";

#[cfg(test)]
mod tests {
    use super::{ReportKind, report};

    #[test]
    fn a_report_has_a_kind_and_a_file() {
        assert_eq!(report("html=a=b.html"), Ok((ReportKind::Html, "a=b.html".into())));
        for text in ["html", "html=", "pdf=x", "=x"] {
            assert!(report(text).is_err(), "{text}");
        }
    }
}
