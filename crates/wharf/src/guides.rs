//! The guides below `docs`: their examples compile.

#[cfg(all(feature = "axum", feature = "deflate", feature = "tower"))]
#[doc = include_str!("../../../docs/axum.md")]
struct Application;

#[doc = include_str!("../../../docs/client.md")]
struct Client;

#[doc = include_str!("../../../docs/migrate/tokio-tungstenite.md")]
struct FromTokioTungstenite;

#[doc = include_str!("../../../docs/migrate/fastwebsockets.md")]
struct FromFastwebsockets;
