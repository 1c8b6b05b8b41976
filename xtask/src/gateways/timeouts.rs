//! nginx's patience with silence, against keep-alive.

use super::{bench::Bench, nginx::Nginx};
use crate::{failure::Outcome, served::Served};

/// nginx waits six seconds for a word.
fn impatient(bench: &Bench, server: &Served) -> Outcome<Nginx> {
    let patience = ("proxy_read_timeout 75s;", "proxy_read_timeout 6s;");
    bench.nginx(server, |recipe| recipe.with(patience.0, patience.1))
}

/// Pings after 30 s come too late.
pub(super) fn silence(bench: &Bench) -> Outcome {
    let server = bench.server(&[])?;
    let nginx = impatient(bench, &server)?;
    bench.connect(&["--wait", "60s", &nginx.url("/echo")], "closed 1006 by the transport", 8)
}

/// The server's Pings alone keep the connection, for twice as long as nginx waits.
pub(super) fn pings(bench: &Bench) -> Outcome {
    let server = bench.server(&["--ping-every", "500ms"])?;
    let nginx = impatient(bench, &server)?;
    bench.connect(&["--wait", "14s", &nginx.url("/echo")], "closed 1000 by this end", 0)
}
