//! What `wss://` meets in a build without the feature `rustls`.

use super::target::Host;
use std::{convert::Infallible, error::Error, fmt, io};

/// No settings, for there is nothing to set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tls(());

/// Cannot be made.
pub(crate) struct Connector(Infallible);

impl Connector {
    pub(crate) async fn prepare(_tls: &Tls, _host: &Host) -> Result<Self, TlsError> {
        Err(TlsError)
    }

    pub(crate) async fn secure<T>(self, _io: T) -> Result<T, TlsError> {
        match self.0 {}
    }
}

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
