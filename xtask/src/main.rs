//! Checks of this repository: `cargo xtask` lists them.
#![forbid(unsafe_code)]

mod api;
mod autobahn;
mod bench;
mod browser;
mod checks;
mod ci;
mod conformance;
mod failure;
mod foreign;
mod gateways;
mod instructions;
mod matrix;
mod outages;
mod paths;
mod peers;
mod process;
mod proxies;
mod say;
mod served;
mod tidy;
mod tools;
mod workspace;

use failure::{Failure, Outcome};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <command>

  ci [step…]            every gate in order, or these
  tidy                  the rules of the house that a machine can hold
  api [--bless]         the public API: as recorded in docs/api, without strangers' types, every item shown in an example;
                        or records it anew
  autobahn [server|client|both] [--cases 1.*,9.3.1]
                        the Autobahn test suite against wharf
  conformance           `wharf check` of our own server and client
  browser               the page of `wharf serve` in headless Chromium
  peers                 foreign clients and servers
  proxies               the client through foreign proxies
  gateways              nginx in front of `wharf serve`
  restarts              200 clients that stay connected, and a server that is killed again and again
  drain                 a server with 5,000 connections that is told to leave
  bench [--scenario NAME]… [--peer NAME]… [--quick]
                        the comparison with the servers of others, into bench/records and docs/performance.md
  instructions [--record]
                        instructions of fixed scenarios, against the record
  matrix [name…]        `wharf check` of the libraries of others, or of these anew, into docs/conformance.md
  agreement [name…]     the Autobahn suite beside `wharf check`, for some libraries of others, into the same page
  foreign [name…]       installs the libraries of others as programs, and tells how to start them

The steps of ci:
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say::failure(&failure);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Outcome {
    match words {
        ["ci", steps @ ..] => ci::run(steps),
        ["tidy"] => tidy::run(),
        ["api", rest @ ..] => api::run(rest),
        ["autobahn", rest @ ..] => autobahn::run(rest),
        ["conformance"] => conformance::check(),
        ["browser"] => browser::check(),
        ["peers"] => peers::check(),
        ["proxies"] => proxies::check(),
        ["gateways"] => gateways::check(),
        ["restarts"] => outages::restarts(),
        ["drain"] => outages::drain(),
        ["bench", rest @ ..] => bench::run(rest),
        ["instructions", rest @ ..] => instructions::run(rest),
        ["matrix", names @ ..] => matrix::run(names),
        ["agreement", names @ ..] => matrix::beside::run(names),
        ["foreign", names @ ..] => foreign::run(names),
        _ => Err(Failure::new(format!("{USAGE}{}", ci::list()))),
    }
}
