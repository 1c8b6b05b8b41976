//! WebSockets in axum 0.8: an extractor.
//!
//! ```
//! use axum::{Router, extract::State, response::Response, routing::any};
//! use wharf::{WebSocket, axum::WebSocketUpgrade};
//!
//! async fn chat(upgrade: WebSocketUpgrade, State(greeting): State<&'static str>) -> Response {
//!     upgrade.on_upgrade(move |socket| talk(socket, greeting))
//! }
//!
//! async fn talk(mut socket: WebSocket, greeting: &'static str) -> Result<(), wharf::Error> {
//!     socket.send(greeting).await?;
//!     while let Some(message) = socket.recv().await? {
//!         socket.send(message).await?;
//!     }
//!     Ok(())
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let app = Router::new().route("/chat", any(chat)).with_state("welcome");
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let url = format!("ws://{}/chat", listener.local_addr()?);
//! tokio::spawn(async { axum::serve(listener, app).await });
//!
//! let mut socket = wharf::connect(url).await?;
//! assert_eq!(socket.recv().await?, Some(wharf::Message::from("welcome")));
//! # Ok(())
//! # }
//! ```
//!
//! What is wrong with a request never reaches the handler: it is answered with the right status, and so is a
//! page of a foreign origin. Everything else about the request comes by axum's own extractors beside it:
//! `Uri`, `HeaderMap`, `ConnectInfo`, `State`, cookies, and yours.
//!
//! # Settings
//!
//! An [`Upgrader`](crate::hyper::Upgrader) in an `Extension` layer holds for all routes below: origins,
//! terms, timeout. A handler may replace the terms ([`WebSocketUpgrade::with_accept`]).
//!
//! ```
//! use axum::{Extension, Router, response::Response, routing::any};
//! use wharf::{Accept, Config, OriginPolicy, Role, axum::WebSocketUpgrade, hyper::Upgrader};
//!
//! # async fn chat(upgrade: WebSocketUpgrade) -> Response {
//! #     upgrade.on_upgrade(|socket| async move { drop(socket) })
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut config = Config::new(Role::Server);
//! config.limits.message = 64 << 10;
//! let upgrader = Upgrader::new()
//!     .origins(OriginPolicy::only(["https://app.example"])?)
//!     .accept(Accept::new().config(config));
//! let app = Router::new().route("/chat", any(chat)).layer(Extension(upgrader));
//! # let _: Router = app;
//! # Ok(())
//! # }
//! ```

mod extractor;
mod rejection;

pub use extractor::WebSocketUpgrade;
