//! WebSockets beside any [tower](https://docs.rs/tower) service of HTTP requests: a layer.
//!
//! Requests for a WebSocket go to the layer's handler; all others pass to the service inside as they are. The
//! service has to run under hyper 1, as axum's do, and its response bodies have to come from
//! [`Bytes`](crate::Bytes), as axum's `Body` and http-body-util's `Full` do.
//!
//! ```
//! use axum::{Router, routing::get};
//! use wharf::tower::WebSocketLayer;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sockets = WebSocketLayer::new(async |mut socket| {
//!     while let Some(message) = socket.recv().await? {
//!         socket.send(message).await?;
//!     }
//!     Ok::<_, wharf::Error>(())
//! });
//! let app = Router::new().route("/", get(async || "a page")).layer(sockets.at("/"));
//!
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let url = format!("ws://{}/", listener.local_addr()?);
//! tokio::spawn(async { axum::serve(listener, app).await });
//! let mut socket = wharf::connect(url).await?;
//! socket.send("hello").await?;
//! assert_eq!(socket.recv().await?, Some(wharf::Message::from("hello")));
//! # Ok(())
//! # }
//! ```
//!
//! As axum's documentation says, `Router::layer` reaches the routes that were added before it, and routes are
//! matched first: a path that has no route has no layer. Around a whole router, call the layer itself:
//! `sockets.layer(app)`.

mod future;
mod layer;
mod matches;
mod service;

pub use future::ResponseFuture;
pub use layer::WebSocketLayer;
pub use service::WebSocketService;
