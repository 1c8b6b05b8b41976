//! Running a scenario under callgrind.

use crate::{
    failure::{During, Failure, Outcome},
    paths,
    process::{cargo, command, output, run},
    tools::apt,
};
use std::{path::PathBuf, process::Command};

/// The program of scenarios, built without regard to the processor at hand.
pub(super) struct Callgrind(PathBuf);

/// Counting is on while this function runs.
const MEASURED: &str = "*work*measured*";

impl Callgrind {
    pub(super) fn install() -> Outcome<Self> {
        apt::ensure("valgrind", "--version", "valgrind")?;
        let mut build = cargo(["build", "--quiet", "--release", "--package", "wharf-instructions"]);
        run(build.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS"))?;
        Ok(Self(paths::target().join("release/wharf-instructions")))
    }

    /// Their names, and how many messages each works off.
    pub(super) fn scenarios(&self) -> Outcome<Vec<(String, u32)>> {
        let list = output(&mut command(&self.0, [""; 0]))?;
        let scenario = |line: &str| {
            let (name, messages) = line.split_once(' ')?;
            Some((name.to_owned(), messages.parse().ok()?))
        };
        let strange = |line| Failure::new(format!("`{line}` is no scenario"));
        list.lines().map(|line| scenario(line).ok_or_else(|| strange(line))).collect()
    }

    /// The instructions of one scenario. The environment is empty, as its size moves the stack.
    pub(super) fn count(&self, scenario: &str) -> Outcome<u64> {
        let toggle = format!("--toggle-collect={MEASURED}");
        let words = ["--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no"];
        let mut line = command("valgrind", words);
        line.arg(toggle).arg(&self.0).arg(scenario).env_clear();
        let told = errors(line.env("PATH", "/usr/bin:/bin"))?;
        let collected = told.lines().find_map(|line| line.split_once("Collected : "));
        let collected = collected.and_then(|(_, count)| count.trim().parse().ok());
        let none = || Failure::new(format!("callgrind counted nothing of {scenario}:\n{told}"));
        collected.filter(|count| *count > 0).ok_or_else(none)
    }

    /// What the counts depend on besides our code.
    pub(super) fn tools(&self) -> Outcome<String> {
        let rustc = output(&mut command("rustc", ["--version"]))?;
        let valgrind = output(&mut command("valgrind", ["--version"]))?;
        let number = rustc.split(' ').nth(1).unwrap_or_default();
        Ok(format!("rustc {number}, {}, {}", valgrind.trim(), std::env::consts::ARCH))
    }
}

/// What it tells on its standard error.
fn errors(line: &mut Command) -> Outcome<String> {
    let output = line.output().during("running valgrind")?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(told) } else { Err(Failure::new(told)) }
}
