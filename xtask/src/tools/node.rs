//! Packages of npm, outside the tree that uses them.

use super::stamp::install_once;
use crate::{
    failure::Outcome,
    paths,
    process::{command, run_into},
};
use std::path::{Path, PathBuf};

/// What a `package.json` pins, installed.
pub(crate) struct Node {
    modules: PathBuf,
}

impl Node {
    /// Installs what the manifest in this folder names, without running any package's scripts.
    pub(crate) fn install(name: &str, manifest: &Path) -> Outcome<Self> {
        let folder = paths::tool(name);
        let recipe = paths::read(manifest)?;
        install_once(&folder, &recipe, || {
            paths::write(&folder.join("package.json"), &recipe)?;
            let words =
                ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
            run_into(command("npm", words).current_dir(&folder), &folder.join("install.log"))
        })?;
        Ok(Self { modules: folder.join("node_modules") })
    }

    /// Where the packages are.
    pub(crate) fn modules(&self) -> &Path {
        &self.modules
    }

    /// A script of CommonJS that can require what is installed.
    pub(crate) fn script(&self, path: &Path) -> std::process::Command {
        let mut script = command("node", [path]);
        script.env("NODE_PATH", &self.modules);
        script
    }
}
