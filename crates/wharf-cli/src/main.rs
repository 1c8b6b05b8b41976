//! The `wharf` command: serve, connect, debug and load WebSockets.
#![forbid(unsafe_code)]

mod audit_cli;
mod bench;
mod check_cli;
mod cli;
mod commands;
mod deflate;
mod drain_cli;
mod exit;
mod failure;
mod hex;
mod input;
mod json;
mod limit_settings;
mod limits_cli;
mod page;
mod printer;
mod report;
mod sanitize;
mod settings;
mod slash;
mod spillway;
mod terminal;
mod tls_arg;
mod values;

use clap::Parser;
use mimalloc::MiMalloc;
use std::process;

/// Fits the 128-byte alignment of tokio's tasks without gaps: an idle connection takes a fifth less memory
/// than with glibc's allocator (docs/performance.md). Only the command chooses; the libraries do not.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> process::ExitCode {
    match cli::Cli::try_parse() {
        Ok(cli) => commands::run(cli).into(),
        Err(error) => commands::refuse(&error).into(),
    }
}
