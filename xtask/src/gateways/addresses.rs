//! Who the client is, for a server that nginx stands before.

use super::{
    bench::Bench,
    nginx::Nginx,
    recipe::{Chapter, Recipe},
};
use crate::{
    failure::{Failure, Outcome},
    paths,
    served::Served,
    tools::apt,
};

/// Where nginx comes from: clients come from 127.0.0.1, and must not be taken for it.
const NGINX: &str = "127.0.0.9";

/// Whom a client pretends to be.
const FORGED: &str = "203.0.113.7";

const STREAM: &str = "/usr/lib/nginx/modules/ngx_stream_module.so";

/// The header of nginx, which is trusted, and what the client wrote before it.
pub(super) fn forwarded(bench: &Bench) -> Outcome {
    let server = trusting(bench, NGINX, &["--forwarded", "x-forwarded-for"], Tls::No)?;
    asked_as(bench, &bench.nginx(&server, from_nginx)?, "127.0.0.1")
}

/// The same from somebody who is not listed.
pub(super) fn forwarded_by_a_stranger(bench: &Bench) -> Outcome {
    let server = trusting(bench, "127.0.0.8", &["--forwarded", "x-forwarded-for"], Tls::No)?;
    asked_as(bench, &bench.nginx(&server, from_nginx)?, NGINX)
}

/// PROXY protocol in front of TLS.
pub(super) fn proxy_protocol(bench: &Bench) -> Outcome {
    let server = trusting(bench, NGINX, &["--proxy-protocol"], Tls::Yes)?;
    asked_as(bench, &stream(bench, &server)?, "127.0.0.1")
}

/// PROXY protocol from somebody who is not listed: what he says is not TLS.
pub(super) fn proxy_protocol_by_a_stranger(bench: &Bench) -> Outcome {
    let server = trusting(bench, "127.0.0.8", &["--proxy-protocol"], Tls::Yes)?;
    let nginx = stream(bench, &server)?;
    bench.connect(&[&nginx.url("/echo")], "TLS handshake with", 4)
}

/// Whether the server ends TLS itself.
enum Tls {
    Yes,
    No,
}

fn trusting(bench: &Bench, whom: &str, options: &[&str], tls: Tls) -> Outcome<Served> {
    let more = ["--log", "debug", "--trusted-proxy", whom];
    let certificate = match tls {
        Tls::Yes => Some(&bench.certificate),
        Tls::No => None,
    };
    Served::start(&[options, &more].concat(), certificate, &log(bench))
}

fn log(bench: &Bench) -> std::path::PathBuf {
    bench.reports.join("wharf-addresses.log")
}

fn from_nginx(recipe: Recipe) -> Outcome<Recipe> {
    recipe.with("proxy_pass ", &format!("proxy_bind {NGINX}; proxy_pass "))
}

fn stream(bench: &Bench, server: &Served) -> Outcome<Nginx> {
    apt::ensure_file(STREAM, "libnginx-mod-stream")?;
    let (certificate, reports) = (&bench.certificate, &bench.reports);
    let change = |recipe: Recipe| Ok(from_nginx(recipe)?.before(&format!("load_module {STREAM};")));
    Nginx::start(Chapter::PassesTlsOn, server.port, certificate, reports, change)
}

/// Connects through nginx, and looks for whom the server takes the client.
fn asked_as(bench: &Bench, nginx: &Nginx, client: &str) -> Outcome {
    let header = format!("X-Forwarded-For: {FORGED}");
    let arguments = ["--wait", "0s", "-H", &header, &nginx.url("/echo")];
    bench.connect(&arguments, "closed 1000 by this end", 0)?;
    let said = paths::read(&log(bench))?;
    let is_told = said.contains(&format!("client={client}")) && !said.contains(FORGED);
    let wrong =
        || Failure::new(format!("the server does not take the client for {client}: {said}"));
    if is_told { Ok(()) } else { Err(wrong()) }
}
