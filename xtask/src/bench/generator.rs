//! `wharf bench`, once.

use super::{
    sample::Sample,
    scenario::{Content, Deflate, Load, Scenario},
    server::{Server, generator_side},
};
use crate::{
    failure::{During, Outcome},
    process::{command, output},
};
use serde_json::Value;
use std::process::Command;

/// How long the load runs before it is measured.
pub(super) const WARM_UP: &str = "300ms";

/// Connections that were asked for must be there within this time.
const PATIENCE: &str = "30s";

/// Loads a server and reads what the generator found out.
pub(super) fn run(
    server: &Server,
    scenario: &Scenario,
    load: Load,
    window: f64,
) -> Outcome<Sample> {
    let url = format!("ws://127.0.0.1:{}/echo", server.port);
    let mut line = command("target/release/wharf", ["bench", &url, "--json", "-"]);
    line.args(["--pid", &server.id().to_string(), "--timeout", PATIENCE]);
    shape(&mut line, load, window);
    line.args(["--deflate", offer(scenario.deflate)]);
    let told = output(&mut generator_side(&line, scenario.pin))?;
    let report: Value = serde_json::from_str(&told).during("reading the generator's report")?;
    Sample::read(&report, load)
}

/// The flags of a load.
fn shape(line: &mut Command, load: Load, window: f64) {
    let duration = format!("{}ms", (window * 1000.0).round());
    match load {
        Load::Echo { size, connections, in_flight, content } => {
            line.args(["--connections", &connections.to_string(), "--size", &size.to_string()]);
            line.args(["--in-flight", &in_flight.to_string()]);
            line.args(["--duration", &duration, "--warm-up", WARM_UP]);
            if content == Content::Json {
                line.args(["--text", "--payload", "json"]);
            }
        }
        Load::Idle { connections } => {
            line.args(["--idle=burst", "--connections", &connections.to_string()]);
            line.args(["--in-flight", "16", "--size", "1024", "--duration", "200ms"]);
        }
        Load::Handshakes { at_once } => {
            line.args(["--connect", "--connections", &at_once.to_string()]);
            line.args(["--duration", &duration, "--warm-up", WARM_UP]);
        }
    }
}

/// What the client offers: the server decides about context takeover.
fn offer(deflate: Deflate) -> &'static str {
    match deflate {
        Deflate::Off => "off",
        Deflate::NoTakeover => "no-takeover",
        Deflate::Takeover => "on",
    }
}
