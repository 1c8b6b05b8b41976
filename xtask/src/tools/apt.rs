//! Programs from Debian's packages.

use crate::{
    failure::{During, Outcome},
    process::{answers, command, output, run},
    say,
};
use std::{env, path::Path};

/// Installs the package unless the program answers to its word for the version.
pub(crate) fn ensure(program: &str, version: &str, package: &str) -> Outcome {
    if answers(&mut command(program, [version])) { Ok(()) } else { install(program, package) }
}

/// The same for a program that has no word for its version.
pub(crate) fn ensure_on_path(program: &str, package: &str) -> Outcome {
    let path = env::var_os("PATH").unwrap_or_default();
    if env::split_paths(&path).any(|folder| folder.join(program).is_file()) {
        return Ok(());
    }
    install(program, package)
}

/// Installs the package unless its file is there.
pub(crate) fn ensure_file(file: &str, package: &str) -> Outcome {
    if Path::new(file).exists() { Ok(()) } else { install(file, package) }
}

/// The version of an installed package.
pub(crate) fn version(package: &str) -> Outcome<String> {
    output(&mut command("dpkg-query", ["--show", "--showformat=${Version}", package]))
}

fn install(missing: &str, package: &str) -> Outcome {
    say::line(format!("{missing} is missing: installing the package {package}"));
    run(&mut command("apt-get", ["update", "-qq"])).during(format!("installing {package}"))?;
    let words = ["install", "-qq", "--yes", "--no-install-recommends", package];
    run(command("apt-get", words).env("DEBIAN_FRONTEND", "noninteractive"))
        .during(format!("installing {package}"))
}
