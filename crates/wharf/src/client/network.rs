//! How a client reaches a host: by which resolver, and over which sockets.

use super::{
    dialer::Dial,
    resolve::{Resolve, SystemResolver},
    tcp::TcpOptions,
};
use std::{fmt, sync::Arc};

/// The means of a client.
#[derive(Clone)]
pub(crate) struct Network {
    pub(crate) resolver: Arc<dyn Resolve>,
    pub(crate) dialer: Option<Arc<dyn Dial>>,
    pub(crate) tcp: TcpOptions,
}

impl Default for Network {
    fn default() -> Self {
        Self { resolver: Arc::new(SystemResolver), dialer: None, tcp: TcpOptions::default() }
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network")
            .field("dialer", &self.dialer.is_some())
            .field("tcp", &self.tcp)
            .finish_non_exhaustive()
    }
}
