//! Programs from Debian's packages.

use crate::{
    failure::{During, Outcome},
    process::{answers, command, run},
    say,
};
use std::env;

/// Installs the package unless the program answers to its word for the version.
pub(crate) fn ensure(program: &str, version: &str, package: &str) -> Outcome {
    if answers(&mut command(program, [version])) {
        return Ok(());
    }
    install(program, package)
}

/// The same for a program that has no word for its version.
pub(crate) fn ensure_on_path(program: &str, package: &str) -> Outcome {
    let path = env::var_os("PATH").unwrap_or_default();
    if env::split_paths(&path).any(|folder| folder.join(program).is_file()) {
        return Ok(());
    }
    install(program, package)
}

fn install(program: &str, package: &str) -> Outcome {
    say::line(format!("{program} is missing: installing the package {package}"));
    run(&mut command("apt-get", ["update", "-qq"])).during(format!("installing {package}"))?;
    let words = ["install", "-qq", "--yes", "--no-install-recommends", package];
    run(command("apt-get", words).env("DEBIAN_FRONTEND", "noninteractive"))
        .during(format!("installing {package}"))
}
