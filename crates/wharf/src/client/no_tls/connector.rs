//! A connector that cannot be had.

use super::{error::TlsError, settings::Tls};
use crate::client::{error::Cause, target::Host};
use std::convert::Infallible;

/// Cannot be made.
pub(crate) struct Connector(Infallible);

impl Connector {
    pub(crate) async fn prepare(_tls: &Tls, _host: &Host) -> Result<Self, Cause> {
        Err(TlsError.into())
    }

    pub(crate) async fn secure<T>(self, _io: T) -> Result<T, Cause> {
        match self.0 {}
    }
}
