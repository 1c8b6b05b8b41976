//! The guides below `docs`: their examples compile.

#[cfg(all(feature = "axum", feature = "deflate", feature = "tower"))]
#[doc = include_str!("../../../docs/axum.md")]
struct Application;

#[doc = include_str!("../../../docs/limits.md")]
struct Limits;

#[doc = include_str!("../../../docs/client.md")]
#[cfg(feature = "rustls")]
struct Client;

#[cfg(feature = "metrics")]
#[doc = include_str!("../../../docs/observability.md")]
struct Observability;

#[doc = include_str!("../../../docs/drain.md")]
struct Drain;

#[doc = include_str!("../../../docs/server.md")]
#[cfg(feature = "rustls")]
struct Server;

#[doc = include_str!("../../../docs/socket.md")]
#[cfg(feature = "deflate")]
struct Socket;

#[doc = include_str!("../../../docs/blocking.md")]
#[cfg(feature = "blocking")]
struct Blocking;

#[doc = include_str!("../../../docs/testing.md")]
#[cfg(feature = "testing")]
struct Testing;

#[doc = include_str!("../../../docs/migrate/tokio-tungstenite.md")]
#[cfg(feature = "deflate")]
struct FromTokioTungstenite;

#[doc = include_str!("../../../docs/migrate/fastwebsockets.md")]
struct FromFastwebsockets;

#[doc = include_str!("../../../docs/migrate/axum-ws.md")]
#[cfg(all(feature = "axum", feature = "deflate"))]
struct FromAxum;
