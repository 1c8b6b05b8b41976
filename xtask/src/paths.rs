//! Where things lie.

use crate::failure::{During, Outcome};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().expect("xtask lies in the workspace").to_owned()
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// What a check brings along: scripts, lists, expectations.
pub(crate) fn tests(name: &str) -> PathBuf {
    root().join("tests").join(name)
}

/// The programs of others, by language.
pub(crate) fn peers(language: &str) -> PathBuf {
    root().join("bench/peers").join(language)
}

/// A folder for tools that a check installs; never committed.
pub(crate) fn tool(name: &str) -> PathBuf {
    target().join("tools").join(name)
}

/// An empty folder for what a check reports.
pub(crate) fn fresh_report(name: &str) -> Outcome<PathBuf> {
    let folder = target().join("reports").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).during(format!("emptying {}", folder.display()))?;
    }
    make(&folder)?;
    Ok(folder)
}

/// Makes a folder and those above it.
pub(crate) fn make(folder: &Path) -> Outcome {
    fs::create_dir_all(folder).during(format!("making {}", folder.display()))
}

/// Reads a file of the repository.
pub(crate) fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).during(format!("reading {}", path.display()))
}

/// Writes a file and the folders above it.
pub(crate) fn write(path: &Path, text: &str) -> Outcome {
    if let Some(folder) = path.parent() {
        make(folder)?;
    }
    fs::write(path, text).during(format!("writing {}", path.display()))
}
