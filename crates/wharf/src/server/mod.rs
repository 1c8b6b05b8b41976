//! The server's side: accepting connections, answering their requests, going down in good order.

pub(crate) mod accept;
pub(crate) mod acceptor;
mod answer;
mod backoff;
pub(crate) mod builder;
mod caps;
pub(crate) mod error;
mod listener;
mod opening;
pub(crate) mod outcome;
pub(crate) mod proxies;
pub(crate) mod quota;
mod registry;
pub(crate) mod request;
#[cfg(all(unix, not(any(target_os = "solaris", target_os = "illumos", target_os = "cygwin"))))]
mod reuse_port;
pub(crate) mod serve;
mod service;
mod settings;
pub(crate) mod shutdown;
mod slots;
pub(crate) mod summary;
#[cfg(feature = "blocking")]
pub(crate) mod sync;
#[cfg(feature = "rustls")]
pub(crate) mod tls;
