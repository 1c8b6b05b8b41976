//! WebSockets on tokio.
#![forbid(unsafe_code)]
