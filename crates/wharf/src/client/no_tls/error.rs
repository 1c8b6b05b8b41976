//! The one error of a build without TLS.

use std::{error::Error, fmt, io};

/// There is no TLS in this build.
#[derive(Debug)]
pub(crate) struct TlsError;

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "wss:// needs TLS, which this build lacks; build wharf with its feature `rustls`",
        )
    }
}

impl Error for TlsError {}

/// No stream has TLS in it.
pub(crate) const fn is_of_tls(_error: &io::Error) -> bool {
    false
}

/// No stream has TLS in it.
pub(crate) const fn is_about_certificates(_error: &io::Error) -> bool {
    false
}
