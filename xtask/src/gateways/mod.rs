//! nginx in front of `wharf serve`, with the configurations of `docs/behind-a-proxy.md`: foreign and own clients
//! through it, what `Origin` and `Host` come to, who the client is, timeouts, reload and stop.

mod addresses;
mod bench;
mod endings;
mod handshakes;
mod nginx;
mod origins;
mod recipe;
mod talk;
mod timeouts;

use crate::{
    checks,
    failure::{Failure, Outcome},
    paths,
    process::{cargo, run},
    say,
    tools::{apt, certificate::Certificate},
};
use bench::Bench;

/// Something that is tried.
type Scene = fn(&Bench) -> Outcome;

/// All of them, by name.
const SCENES: [(&str, Scene); 17] = [
    ("clients, TLS at nginx", handshakes::tls_at_nginx),
    ("clients, TLS to the server too", handshakes::tls_to_the_server_too),
    ("lines left out", handshakes::lines_left_out),
    ("Origin, Host as it came", origins::host_as_it_came),
    ("Origin, Host without its port", origins::host_without_port),
    ("Origin, Host of the upstream", origins::host_of_the_upstream),
    ("Origin, X-Forwarded-Host", origins::forwarded_host),
    ("X-Forwarded-For of nginx", addresses::forwarded),
    ("X-Forwarded-For of a stranger", addresses::forwarded_by_a_stranger),
    ("PROXY protocol of nginx", addresses::proxy_protocol),
    ("PROXY protocol of a stranger", addresses::proxy_protocol_by_a_stranger),
    ("silence longer than nginx waits", timeouts::silence),
    ("silence with Pings", timeouts::pings),
    ("a reload", endings::reload),
    ("a reload that does not wait", endings::impatient_reload),
    ("nginx stops", endings::stop),
    ("the server drains and is gone", endings::drain),
];

/// `gateways`
pub(crate) fn check() -> Outcome {
    apt::ensure("nginx", "-v", "nginx")?;
    checks::cargo::release()?;
    let example = ["--package", "wharf", "--example", "peer_client"];
    run(cargo(["build", "--quiet", "--release"]).args(example))?;
    let reports = paths::fresh_report("gateways")?;
    let certificate = Certificate::make(&reports)?;
    let bench = Bench { certificate, reports };
    let failed = SCENES.iter().filter(|(name, scene)| !passes(&bench, name, *scene)).count();
    match failed {
        0 => Ok(()),
        _ => Err(Failure::new(format!("gateways: {failed} scenes failed"))),
    }
}

/// Tells how a scene went.
fn passes(bench: &Bench, name: &str, scene: Scene) -> bool {
    let outcome = scene(bench);
    match &outcome {
        Ok(()) => say::line(format!("ok     {name}")),
        Err(failure) => say::line(format!("FAILED {name}: {failure}")),
    }
    outcome.is_ok()
}
