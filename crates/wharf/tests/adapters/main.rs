//! WebSockets in applications of axum, hyper and tower.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod axum_app;
mod axum_requests;
mod drain;
mod hyper_service;
mod support;
mod tower_layer;
#[cfg(unix)]
mod unix;
