//! `wharf check` of our own server and client: no fail, no lax, no strict.

use crate::{
    checks,
    failure::Outcome,
    paths,
    process::{cargo, command, run},
    served::Served,
};

/// The command, as it ships.
const WHARF: &str = "target/release/wharf";
/// The client that it asks.
const CLIENT: &str = "target/release/examples/check_client";

/// `conformance`
pub(crate) fn check() -> Outcome {
    checks::cargo::release()?;
    let example = ["--package", "wharf", "--example", "check_client"];
    run(cargo(["build", "--quiet", "--release"]).args(example))?;
    let reports = paths::fresh_report("conformance")?;
    let server = Served::start(&[], None, &reports.join("server.log"))?;
    let url = format!("ws://127.0.0.1:{}/echo", server.port);
    let page = |role: &str| format!("html={}", reports.join(format!("{role}.html")).display());
    run(&mut command(WHARF, ["check", "server", &url, "--report", &page("server")]))?;
    run(&mut command(WHARF, ["check", "client", "--report", &page("client"), "--", CLIENT]))
}
