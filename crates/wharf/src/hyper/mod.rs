//! WebSockets out of requests that [hyper] 1 has read.
//!
//! ```
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use hyper::{body::Incoming, server::conn::http1, service::service_fn};
//! use hyper_util::rt::TokioIo;
//! use std::convert::Infallible;
//! use wharf::{Bytes, hyper::upgrade};
//!
//! async fn chat(mut request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
//!     let response = match upgrade(&mut request) {
//!         Ok(upgrade) => upgrade.on_upgrade(async |mut socket| {
//!             while let Some(message) = socket.recv().await? {
//!                 socket.send(message).await?;
//!             }
//!             Ok::<_, wharf::Error>(())
//!         }),
//!         Err(rejection) => rejection.response(),
//!     };
//!     Ok(response.map(Full::new))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let url = format!("ws://{}/", listener.local_addr()?);
//! tokio::spawn(async move {
//!     while let Ok((stream, _)) = listener.accept().await {
//!         let connection = http1::Builder::new()
//!             .serve_connection(TokioIo::new(stream), service_fn(chat))
//!             .with_upgrades();
//!         tokio::spawn(connection);
//!     }
//! });
//!
//! let mut socket = wharf::connect(url).await?;
//! socket.send("hello").await?;
//! assert_eq!(socket.recv().await?, Some(wharf::Message::from("hello")));
//! # Ok(())
//! # }
//! ```
//!
//! - With the defaults: [`upgrade`]. With settings: an [`Upgrader`].
//! - Yes: [`Upgrade::on_upgrade`] for a handler in a task of its own, [`Upgrade::accept`] for a future of the
//!   socket.
//! - No: any response of your own.
//!
//! # The stream is taken out whole
//!
//! hyper hands over a box with a trait object in it. If what it was given is a
//! [`TokioIo`](::hyper_util::rt::TokioIo) around a `TcpStream`, a `UnixStream`, or a `TlsStream<TcpStream>` of
//! tokio-rustls, directly or by hyper-util's `auto` builder (which is what `axum::serve` uses), the stream is
//! taken out of it: from then on the connection is as if wharf had accepted it. A TCP stream gets
//! `TCP_NODELAY` too. Any other type goes on inside hyper's box, unless it is named with
//! [`Upgrader::stream`] or [`Upgrader::take_out`].
//!
//! # Refuse before, not after
//!
//! Once a request was said yes to, its 101 has to reach the client as it is. hyper hands the connection over when it
//! is done with it, whatever was written: a service around yours that replaces the 101 keeps the client from its
//! WebSocket, but the handler may run all the same, with frames that came behind the request.
//!
//! # HTTP/2
//!
//! The bootstrap of RFC 8441 is not served: such a request is told 505. Offer `http/1.1` alone in ALPN where
//! browsers connect.
//!
//! # Limits on the head
//!
//! hyper has read the request, so its limits hold: `max_headers` and `max_buf_size` of its `http1::Builder`;
//! it answers a breach with 431 by itself.

mod error;
mod opening;
mod rejection;
mod settings;
mod takeout;
mod upgrade;
mod upgrader;

pub use error::UpgradeError;
pub use opening::Opening;
pub use rejection::UpgradeRejection;
pub use upgrade::Upgrade;
pub use upgrader::{Upgrader, upgrade};
