//! The client against servers that are scripted by hand.

mod answers;
mod peer;
mod requests;
mod stages;
#[cfg(feature = "rustls")]
mod tls;
#[cfg(unix)]
mod unix;
