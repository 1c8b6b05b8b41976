//! The guides below `docs`: their examples compile.

#[cfg(all(feature = "axum", feature = "deflate", feature = "tower"))]
#[doc = include_str!("../../../docs/axum.md")]
struct Application;

#[doc = include_str!("../../../docs/client.md")]
struct Client;

#[cfg(feature = "metrics")]
#[doc = include_str!("../../../docs/observability.md")]
struct Observability;
