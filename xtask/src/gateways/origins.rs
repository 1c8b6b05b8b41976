//! What becomes of the check of `Origin` when nginx passes `Host` on, and when it does not.

use super::{bench::Bench, nginx::Nginx, recipe::Recipe};
use crate::failure::Outcome;

const PASSED: &str = "proxy_set_header Host $http_host;";

const FOREIGN: &str = "https://elsewhere.example";

pub(super) fn host_as_it_came(bench: &Bench) -> Outcome {
    let server = bench.server(&[])?;
    let nginx = bench.nginx(&server, Ok)?;
    accepted(bench, &nginx, &nginx.origin())?;
    refused(bench, &nginx, "https://localhost")?;
    refused(bench, &nginx, FOREIGN)
}

/// Pages on the default port are the ones that are accepted.
pub(super) fn host_without_port(bench: &Bench) -> Outcome {
    let server = bench.server(&[])?;
    let nginx = bench.nginx(&server, |recipe| recipe.with("$http_host", "$host"))?;
    accepted(bench, &nginx, "https://localhost")?;
    refused(bench, &nginx, &nginx.origin())?;
    refused(bench, &nginx, FOREIGN)
}

/// Then only a list of pages helps, and it does.
pub(super) fn host_of_the_upstream(bench: &Bench) -> Outcome {
    let server = bench.server(&[])?;
    let without_host = |recipe: Recipe| recipe.with(PASSED, "");
    let nginx = bench.nginx(&server, without_host)?;
    refused(bench, &nginx, &nginx.origin())?;
    refused(bench, &nginx, "https://localhost")?;
    refused(bench, &nginx, FOREIGN)?;
    let server = bench.server(&["--origin", "https://ws.example"])?;
    let nginx = bench.nginx(&server, without_host)?;
    accepted(bench, &nginx, "https://ws.example")?;
    refused(bench, &nginx, FOREIGN)
}

/// A trusted proxy may tell the host in a header of its own, and no client can in its place.
pub(super) fn forwarded_host(bench: &Bench) -> Outcome {
    let options = ["--trusted-proxy", "127.0.0.1", "--forwarded", "x-forwarded-for"];
    let server = bench.server(&options)?;
    let nginx = bench.nginx(&server, |recipe: Recipe| recipe.with(PASSED, ""))?;
    accepted(bench, &nginx, &nginx.origin())?;
    let forged = ["-H", "X-Forwarded-Host: elsewhere.example", "--origin", FOREIGN];
    let url = nginx.url("/echo");
    bench.connect(&[&forged[..], &[&url]].concat(), "answered 403 Forbidden", 5)
}

fn accepted(bench: &Bench, nginx: &Nginx, origin: &str) -> Outcome {
    let arguments = ["--wait", "0s", "--origin", origin, &nginx.url("/echo")];
    bench.connect(&arguments, "closed 1000 by this end", 0)
}

fn refused(bench: &Bench, nginx: &Nginx, origin: &str) -> Outcome {
    bench.connect(&["--origin", origin, &nginx.url("/echo")], "answered 403 Forbidden", 5)
}
