//! What others see of connections: spans and events of `tracing`, and, with the feature `metrics`, numbers.
//!
//! Nothing here is called for a message. What connections count anyway is told from time to time: see
//! `docs/observability.md`.

mod accepting;
mod connecting;
pub(crate) mod connection;
pub(crate) mod handshake;
#[cfg(feature = "metrics")]
pub(crate) mod meters;
#[cfg(not(feature = "metrics"))]
#[path = "no_meters.rs"]
pub(crate) mod meters;
#[cfg(feature = "metrics")]
pub(crate) mod names;
#[cfg(feature = "metrics")]
mod registered;
pub(crate) mod span;
#[cfg(feature = "hyper")]
mod upgrading;
pub(crate) mod verdict;
