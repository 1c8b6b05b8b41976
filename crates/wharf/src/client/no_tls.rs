//! What `wss://` meets in a build without the feature `rustls`.

use super::{error::Cause, target::Host};
use std::convert::Infallible;

/// No settings, for there is nothing to set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tls;

/// Cannot be made.
pub(crate) struct Connector(Infallible);

impl Connector {
    pub(crate) async fn prepare(_tls: &Tls, _host: &Host) -> Result<Self, Cause> {
        Err(Cause::NoTls)
    }

    pub(crate) async fn secure<T>(self, _io: T) -> Result<T, Cause> {
        match self.0 {}
    }
}
