//! Every gate in order, each runnable alone.

use crate::{
    api, autobahn, browser, checks, conformance,
    failure::{Failure, Outcome},
    gateways, instructions, outages, peers, proxies, say, tidy,
};
use std::time::{Duration, Instant};

/// A gate.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn() -> Outcome,
}

/// All gates, the cheap ones first.
const STEPS: [Step; 19] = [
    Step { name: "fmt", about: "the layout of the code", run: checks::cargo::fmt },
    Step { name: "tidy", about: "the rules of the house that a machine can hold", run: tidy::run },
    Step {
        name: "deny",
        about: "licences, bans and sources of what we depend on (deny.toml)",
        run: checks::deny::run,
    },
    Step {
        name: "clippy",
        about: "lints of every package, warnings denied",
        run: checks::cargo::clippy,
    },
    Step {
        name: "doc",
        about: "the documentation builds, warnings denied",
        run: checks::cargo::doc,
    },
    Step {
        name: "api",
        about: "the public API: as recorded, no stranger's type in it, every item shown",
        run: api::compare,
    },
    Step {
        name: "migrate",
        about: "what the guides of docs/migrate show as \"before\" compiles",
        run: checks::migrate::before,
    },
    Step {
        name: "features",
        about: "each feature alone, none, all; the core's tests without std",
        run: checks::features::run_sets,
    },
    Step {
        name: "targets",
        about: "other systems, as far as their targets are installed",
        run: checks::targets::run_installed,
    },
    Step { name: "release", about: "the command builds as it ships", run: checks::cargo::release },
    Step {
        name: "instructions",
        about: "instructions of fixed scenarios under callgrind, against the record",
        run: instructions::compare,
    },
    Step {
        name: "conformance",
        about: "`wharf check` of our own server and client",
        run: conformance::check,
    },
    Step {
        name: "autobahn",
        about: "the Autobahn test suite, both roles",
        run: || autobahn::run(&[]),
    },
    Step {
        name: "browser",
        about: "the page of `wharf serve` in headless Chromium",
        run: browser::check,
    },
    Step {
        name: "peers",
        about: "foreign clients and servers, plain and TLS, with and without deflate",
        run: peers::check,
    },
    Step {
        name: "proxies",
        about: "the client through tinyproxy, squid and microsocks, plain and TLS",
        run: proxies::check,
    },
    Step {
        name: "gateways",
        about: "nginx in front of `wharf serve`, as docs/behind-a-proxy.md has it",
        run: gateways::check,
    },
    Step {
        name: "restarts",
        about: "200 clients that stay connected, and a server that is killed again and again",
        run: outages::restarts,
    },
    Step {
        name: "drain",
        about: "a server with 5,000 connections that is told to leave",
        run: outages::drain,
    },
];

/// `ci [step…]`: these steps, or all of them.
pub(crate) fn run(names: &[&str]) -> Outcome {
    if let Some(unknown) = names.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        return Err(Failure::new(format!("ci has no step `{unknown}`; it has\n{}", list())));
    }
    let wanted = STEPS.iter().filter(|step| names.is_empty() || names.contains(&step.name));
    let results: Vec<(&Step, Duration, Outcome)> = wanted.map(Step::take).collect();
    summary(&results)
}

/// The steps, one to a line.
pub(crate) fn list() -> String {
    STEPS.iter().map(|step| format!("    {:<14}{}\n", step.name, step.about)).collect()
}

impl Step {
    fn take(&self) -> (&Self, Duration, Outcome) {
        say::line(format!("── {} · {}", self.name, self.about));
        let started = Instant::now();
        let outcome = (self.run)();
        if let Err(failure) = &outcome {
            say::failure(failure);
        }
        (self, started.elapsed(), outcome)
    }
}

fn summary(results: &[(&Step, Duration, Outcome)]) -> Outcome {
    say::line("── summary");
    for (step, elapsed, outcome) in results {
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        say::line(format!("{:<14}{:>8.1} s  {word}", step.name, elapsed.as_secs_f32()));
    }
    let failed = results.iter().filter(|(_, _, outcome)| outcome.is_err()).count();
    say::line(format!("{} passed, {failed} failed", results.len() - failed));
    if failed == 0 { Ok(()) } else { Err(Failure::new("ci: not every step passed")) }
}
