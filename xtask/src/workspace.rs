//! What cargo knows of the workspace.

use crate::{
    failure::{During, Outcome},
    process::{cargo, output},
};
use serde_json::Value;

/// The crates of this workspace, from the ground up.
pub(crate) const PACKAGES: [&str; 10] = [
    "wharf-bytes",
    "wharf-proto",
    "wharf",
    "wharf-bench",
    "wharf-check",
    "wharf-cli",
    "wharf-testkit",
    "wharf-instructions",
    "wharf-examples",
    "xtask",
];

/// `cargo metadata` of our own crates.
pub(crate) fn own() -> Outcome<Value> {
    metadata(&["--no-deps"])
}

/// `cargo metadata` of everything that is built.
pub(crate) fn with_dependencies() -> Outcome<Value> {
    metadata(&[])
}

fn metadata(options: &[&str]) -> Outcome<Value> {
    let text = output(cargo(["metadata", "--format-version", "1"]).args(options))?;
    serde_json::from_str(&text).during("reading cargo metadata")
}
