//! Programs from Debian's packages.

use crate::{
    failure::{During, Outcome},
    process::{answers, command, run},
    say,
};

/// Installs the package unless the program answers to its word for the version.
pub(crate) fn ensure(program: &str, version: &str, package: &str) -> Outcome {
    if answers(&mut command(program, [version])) {
        return Ok(());
    }
    say::line(format!("{program} is missing: installing the package {package}"));
    run(&mut command("apt-get", ["update", "-qq"])).during(format!("installing {package}"))?;
    let words = ["install", "-qq", "--yes", "--no-install-recommends", package];
    run(command("apt-get", words).env("DEBIAN_FRONTEND", "noninteractive"))
        .during(format!("installing {package}"))
}
