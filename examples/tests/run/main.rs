//! Runs each example as its user would: starts the program, talks to it with a real client, looks at what it prints, and
//! ends it with the keyboard's signal.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "what a test needs to go on is there, or it fails")]

mod axum_app;
mod chat;
mod dashboard;
mod json_rpc;
mod program;
mod reverse_proxy;
mod ticker;
mod upload;
