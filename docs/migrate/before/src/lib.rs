//! Programs as they are before they move to wharf; the guides beside this folder show them.
#![forbid(unsafe_code)]
#![deny(warnings)]

pub mod axum_ws;
pub mod fastwebsockets;
pub mod tokio_tungstenite;
