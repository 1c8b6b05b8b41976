//! The `wharf` command: serve, connect and debug WebSockets.
#![forbid(unsafe_code)]

mod cli;
mod commands;
mod exit;
mod failure;
mod hex;
mod json;
mod printer;
mod report;
mod sanitize;
mod slash;
mod values;

use clap::Parser;
use std::process;

fn main() -> process::ExitCode {
    match cli::Cli::try_parse() {
        Ok(cli) => commands::run(cli).into(),
        Err(error) => commands::refuse(&error).into(),
    }
}
