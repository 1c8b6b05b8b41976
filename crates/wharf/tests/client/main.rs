//! The client against servers that are scripted by hand.

#![expect(clippy::unwrap_used, reason = "what a test needs to go on is there, or it fails")]

mod answers;
mod network;
mod own_means;
mod peer;
mod proxies;
mod redirects;
mod requests;
mod stages;
#[cfg(feature = "rustls")]
mod tls;
#[cfg(unix)]
mod unix;
