//! Gates that are one command of cargo.

use crate::{
    failure::Outcome,
    process::{cargo, run},
    workspace::PACKAGES,
};

/// The layout of the code.
pub(crate) fn fmt() -> Outcome {
    run(&mut cargo(["fmt", "--all", "--check"]))
}

/// Package by package, so that each is judged with its own features and its own `clippy.toml`.
pub(crate) fn clippy() -> Outcome {
    PACKAGES.iter().try_for_each(|package| {
        let words = [
            "clippy",
            "--quiet",
            "--package",
            package,
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ];
        run(&mut cargo(words))
    })
}

/// The documentation.
pub(crate) fn doc() -> Outcome {
    let words = ["doc", "--quiet", "--workspace", "--no-deps", "--all-features"];
    run(cargo(words).env("RUSTDOCFLAGS", "-D warnings"))
}

/// What `cargo run --release` at the root builds.
pub(crate) fn release() -> Outcome {
    run(&mut cargo(["build", "--quiet", "--release"]))
}
