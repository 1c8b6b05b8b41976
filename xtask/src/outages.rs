//! Real servers that are killed, restarted and drained under many clients: `crates/wharf/examples/outages`.

use crate::{
    checks,
    failure::{During, Failure, Outcome},
    paths,
    process::{cargo, command, output, run},
    say,
};

/// Connections of the server that drains, and seconds that it has for them.
const CROWD: u64 = 5_000;
const WITHIN: &str = "10";

/// `restarts`
pub(crate) fn restarts() -> Outcome {
    build()?;
    let ledger = paths::fresh_report("restarts")?.join("ledger");
    let mut line = command(DRIVER, ["restarts"]);
    run(line.arg(ledger))
}

/// `drain`: as it is by itself, and with a restart announced and newcomers refused.
pub(crate) fn drain() -> Outcome {
    build()?;
    checks::cargo::release()?;
    enough_files()?;
    drained(&[])?;
    drained(&["--drain-code", "1012", "--drain-refuse"])
}

fn drained(options: &[&str]) -> Outcome {
    // The soft limit is often far below the hard one.
    let script = r#"ulimit -n "$(ulimit -H -n)"; exec "$@""#;
    let mut line = command("sh", ["-c", script, "sh", DRIVER, "drain"]);
    line.args([&CROWD.to_string(), WITHIN, "target/release/wharf", "serve", "--log", "error"]);
    run(line.args(["--addr", "127.0.0.1:0", "--drain", &format!("{WITHIN}s")]).args(options))
}

const DRIVER: &str = "target/release/examples/outages";

fn build() -> Outcome {
    say::line("building the driver");
    let example = ["--package", "wharf", "--example", "outages"];
    run(cargo(["build", "--quiet", "--release"]).args(example))
}

/// Server and driver each hold a socket for every connection.
fn enough_files() -> Outcome {
    let limit = output(&mut command("sh", ["-c", "ulimit -H -n"]))?;
    let limit = limit.trim();
    let most: u64 = match limit {
        "unlimited" => u64::MAX,
        _ => limit.parse().during(format!("reading the limit on open files, `{limit}`"))?,
    };
    let needed = CROWD + 100;
    if most >= needed {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{needed} open files are needed, and {most} allowed: raise `ulimit -H -n`"
    )))
}
