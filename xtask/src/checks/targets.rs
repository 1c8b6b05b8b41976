//! Nothing of one system stands outside its `cfg`: the libraries are checked for every other target that is installed.

use crate::{
    failure::Outcome,
    process::{cargo, command, output, run},
    say,
};

/// A system, and what must build for it.
struct Wanted {
    target: &'static str,
    package: &'static str,
    features: &'static [&'static str],
}

/// The library without TLS, because ring needs a C compiler for each of them.
const LIBRARY: &[&str] = &["--no-default-features", "--features", "deflate"];

/// macOS, Windows, 32 bits, a browser, and no operating system at all: there without permessage-deflate, as
/// zlib-rs takes its memory from std.
const WANTED: [Wanted; 6] = [
    Wanted { target: "aarch64-apple-darwin", package: "wharf", features: LIBRARY },
    Wanted { target: "x86_64-pc-windows-gnu", package: "wharf", features: LIBRARY },
    Wanted { target: "x86_64-pc-windows-msvc", package: "wharf", features: LIBRARY },
    Wanted { target: "i686-unknown-linux-gnu", package: "wharf", features: LIBRARY },
    Wanted {
        target: "wasm32-unknown-unknown",
        package: "wharf-proto",
        features: &["--no-default-features", "--features", "deflate"],
    },
    Wanted {
        target: "thumbv7em-none-eabi",
        package: "wharf-proto",
        features: &["--no-default-features"],
    },
];

/// Checks what can be checked here and says what cannot.
pub(crate) fn run_installed() -> Outcome {
    let installed =
        output(&mut command("rustup", ["target", "list", "--installed"])).unwrap_or_default();
    for Wanted { target, package, features } in WANTED {
        if installed.lines().any(|line| line == target) {
            let words = ["check", "--quiet", "--package", package, "--target", target];
            run(cargo(words).args(features))?;
        } else {
            say::line(format!(
                "{target}: not checked, this machine has no standard library for it"
            ));
        }
    }
    Ok(())
}
