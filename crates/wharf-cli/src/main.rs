//! The `wharf` command: serve, connect and debug WebSockets.
#![forbid(unsafe_code)]

mod check_cli;
mod cli;
mod commands;
mod deflate;
mod exit;
mod failure;
mod hex;
mod input;
mod json;
mod page;
mod printer;
mod report;
mod sanitize;
mod settings;
mod slash;
mod terminal;
mod values;

use clap::Parser;
use std::process;

fn main() -> process::ExitCode {
    match cli::Cli::try_parse() {
        Ok(cli) => commands::run(cli).into(),
        Err(error) => commands::refuse(&error).into(),
    }
}
