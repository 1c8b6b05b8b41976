//! For the tests of programs that use wharf: WebSockets without sockets, in virtual time, over wires that misbehave.
//!
//! ```
//! /// The handler under test.
//! async fn shout(mut socket: wharf::WebSocket) -> Result<(), wharf::Error> {
//!     while let Some(message) = socket.recv().await? {
//!         socket.send(message.as_text().unwrap_or("?").to_uppercase()).await?;
//!     }
//!     Ok(())
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), wharf::Error> {
//! let (mut client, server) = wharf::testing::pair();
//! tokio::spawn(shout(server));
//! client.send("hello").await?;
//! assert_eq!(client.recv().await?, Some(wharf::Message::from("HELLO")));
//! # Ok(())
//! # }
//! ```
//!
//! - Two ends: [`pair`], or a [`Pair`] with settings and faults.
//! - A handler of requests: [`Pair::serve`], and a [`Client`](crate::Client) with
//!   [`connect_over`](crate::Client::connect_over); or one [`request`] without any client.
//! - A peer made of bytes, that may break every rule: [`Peer`] and [`Frame`].
//! - What happens on the way: [`Faults`] from the beginning, and a [`Wire`] to act while the test runs.
//!
//! # Virtual time
//!
//! Delays and bandwidth are kept by tokio's clock, and so is every timeout of wharf. With
//! `#[tokio::test(start_paused = true)]` (tokio's feature `test-util`) that clock stands still while any task has work,
//! and jumps to the next deadline when all of them wait: a keep-alive of thirty seconds is tested in no time, and
//! always in the same order.
//!
//! # Determinism
//!
//! Whatever is random comes from [`Pair::seed`]. On a current-thread runtime with paused time the same seed gives the same
//! run; a failure is reproduced by its seed.
//!
//! # Bounds
//!
//! Each direction holds 64 KiB at most, or what [`Faults::room`] says; a writer waits then, as with a socket.

mod end;
mod faults;
mod frame;
mod pair;
mod peer;
mod pipe;
mod random;
mod request;
mod serving;
mod wire;

pub use end::End;
pub use faults::{Cut, Faults};
pub use frame::Frame;
pub use pair::{Pair, pair};
pub use peer::Peer;
pub use request::request;
pub use serving::Serving;
pub use wire::{Direction, Wire};
