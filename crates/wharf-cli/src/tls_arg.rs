//! The flags about TLS that all clients have.

use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Whom TLS trusts, and whom it speaks for.
#[derive(Debug, Args)]
pub(crate) struct TlsArg {
    /// Accept any certificate: whoever sits between can read and change everything
    #[arg(long, short = 'k', conflicts_with = "cacert", help_heading = "TLS")]
    pub(crate) insecure: bool,

    /// Trust these certificates (PEM) and no others
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "TLS")]
    pub(crate) cacert: Option<PathBuf>,

    /// Show this certificate (PEM) to the server
    #[arg(long, value_name = "FILE", requires = "key", value_hint = ValueHint::FilePath, help_heading = "TLS")]
    pub(crate) cert: Option<PathBuf>,

    /// The private key of `--cert` (PEM)
    #[arg(long, value_name = "FILE", requires = "cert", value_hint = ValueHint::FilePath, help_heading = "TLS")]
    pub(crate) key: Option<PathBuf>,
}
