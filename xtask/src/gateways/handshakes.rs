//! Clients that come through nginx: our own, and Chromium with the page of `wharf serve`.

use super::{bench::Bench, nginx::Nginx, recipe::Chapter};
use crate::{
    failure::Outcome,
    paths,
    process::{command, run_into},
    served::Served,
    tools::{apt, node::Node},
};

pub(super) fn tls_at_nginx(bench: &Bench) -> Outcome {
    let server = bench.server(&["--max-message", "32M"])?;
    let nginx = bench.nginx(&server, Ok)?;
    clients(bench, &nginx)
}

pub(super) fn tls_to_the_server_too(bench: &Bench) -> Outcome {
    let log = bench.reports.join("wharf-tls.log");
    let server = Served::start(&[], Some(&bench.certificate), &log)?;
    let (certificate, reports) = (&bench.certificate, &bench.reports);
    let nginx = Nginx::start(Chapter::SpeaksTlsTwice, server.port, certificate, reports, Ok)?;
    clients(bench, &nginx)
}

/// Each line that the page asks for is needed.
pub(super) fn lines_left_out(bench: &Bench) -> Outcome {
    let server = bench.server(&[])?;
    for (line, answer) in [
        ("proxy_http_version 1.1;", "answered 505 HTTP Version Not Supported"),
        ("proxy_set_header Upgrade $http_upgrade;", "answered 426 Upgrade Required"),
        ("proxy_set_header Connection $connection_upgrade;", "answered 400 Bad Request"),
    ] {
        let nginx = bench.nginx(&server, |recipe| recipe.with(line, ""))?;
        bench.connect(&[&nginx.url("/echo")], answer, 5)?;
    }
    Ok(())
}

fn clients(bench: &Bench, nginx: &Nginx) -> Outcome {
    ours(bench, nginx, "on", "deflated")?;
    ours(bench, nginx, "off", "plain")?;
    chromium(bench, nginx)
}

/// Text, binary, a mebibyte, fragments, Pings and closes from both sides.
fn ours(bench: &Bench, nginx: &Nginx, offer: &str, agreed: &str) -> Outcome {
    let mut client =
        command("target/release/examples/peer_client", [&nginx.url(""), offer, agreed]);
    client.arg(&bench.certificate.certificate);
    run_into(&mut client, &bench.reports.join(format!("client-{agreed}.log")))
}

/// All that is tried without a proxy; a page of another origin, which must be refused, is among it.
fn chromium(bench: &Bench, nginx: &Nginx) -> Outcome {
    apt::ensure("chromium", "--version", "chromium")?;
    let folder = paths::tests("browser");
    let node = Node::install("browser", &folder.join("package.json"))?;
    let mut script = node.script(&folder.join("page.cjs"));
    script.args(nginx.pages()).arg(&bench.reports);
    run_into(&mut script, &bench.reports.join("browser.log"))
}
