//! The server, as its peers see it: raw bytes in, exact bytes out.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod caps;
mod plain_http;
mod proxied;
mod requests;
mod serving;
mod shutdown;
mod slow_peers;
mod support;
#[cfg(feature = "rustls")]
mod tls;
