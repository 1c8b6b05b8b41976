//! The guides below `docs`: their examples compile.

#[doc = include_str!("../../../docs/client.md")]
struct Client;

#[cfg(feature = "metrics")]
#[doc = include_str!("../../../docs/observability.md")]
struct Observability;
