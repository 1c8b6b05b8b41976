//! Nothing of one system stands outside its `cfg`: the libraries are checked for every other target that is installed.

use crate::{
    failure::Outcome,
    process::{cargo, command, output, run},
    say,
};

/// macOS, Windows, 32 bits, and no operating system at all.
const WANTED: [(&str, &str); 5] = [
    ("aarch64-apple-darwin", "wharf"),
    ("x86_64-pc-windows-msvc", "wharf"),
    ("i686-unknown-linux-gnu", "wharf"),
    ("wasm32-unknown-unknown", "wharf-proto"),
    ("thumbv7em-none-eabi", "wharf-proto"),
];

/// Checks what can be checked here and says what cannot.
pub(crate) fn run_installed() -> Outcome {
    let installed =
        output(&mut command("rustup", ["target", "list", "--installed"])).unwrap_or_default();
    for (target, package) in WANTED {
        if installed.lines().any(|line| line == target) {
            let features: &[&str] = if package == "wharf" {
                &[]
            } else {
                &["--no-default-features", "--features", "deflate"]
            };
            run(cargo(["check", "--quiet", "--package", package, "--target", target])
                .args(features))?;
        } else {
            say::line(format!(
                "{target}: not checked, this machine has no standard library for it"
            ));
        }
    }
    Ok(())
}
