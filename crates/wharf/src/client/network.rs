//! How a client reaches a host: by which resolver, and over which sockets.

use super::{dialer::Dial, resolve::Resolve, tcp::TcpOptions};
use std::{fmt, sync::Arc};

/// The means of a client.
#[derive(Clone, Default)]
pub(crate) struct Network {
    /// `None`: the system's.
    pub(crate) resolver: Option<Arc<dyn Resolve>>,
    pub(crate) dialer: Option<Arc<dyn Dial>>,
    pub(crate) tcp: TcpOptions,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network")
            .field("resolver", &self.resolver.is_some())
            .field("dialer", &self.dialer.is_some())
            .field("tcp", &self.tcp)
            .finish()
    }
}
