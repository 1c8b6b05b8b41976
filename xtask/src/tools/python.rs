//! Virtual environments of Python, with pinned packages.

use crate::{
    failure::{Failure, Outcome},
    paths,
    process::{answers, command, run_into},
    tools::stamp::install_once,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The last virtualenv that makes environments of Python 2.7.
const VIRTUALENV_FOR_2_7: &str = "virtualenv==20.15.1";

/// A Python whose packages are known.
pub(crate) struct Python {
    bin: PathBuf,
}

impl Python {
    /// Python 3 with the packages of a requirements file.
    pub(crate) fn v3(name: &str, requirements: &Path) -> Outcome<Self> {
        Self::installed(name, requirements, |folder, log| {
            run_into(&mut command("python3", [Path::new("-m"), Path::new("venv"), folder]), log)
        })
    }

    /// Python 2.7 with the packages of a requirements file.
    pub(crate) fn v2_7(name: &str, requirements: &Path) -> Outcome<Self> {
        let interpreter = find_2_7()?;
        Self::installed(name, requirements, |folder, log| {
            let maker = folder.join("virtualenv");
            let arguments = ["-m", "pip", "install", "--quiet", VIRTUALENV_FOR_2_7, "--target"];
            run_into(command(&interpreter, arguments).arg(&maker), log)?;
            run_into(
                command(&interpreter, ["-m", "virtualenv"]).arg(folder).env("PYTHONPATH", &maker),
                log,
            )
        })
    }

    fn installed(
        name: &str,
        requirements: &Path,
        make: impl FnOnce(&Path, &Path) -> Outcome,
    ) -> Outcome<Self> {
        let folder = paths::tool(name);
        let recipe = paths::read(requirements)?;
        install_once(&folder, &recipe, || {
            let log = folder.join("install.log");
            make(&folder, &log)?;
            let arguments =
                ["install", "--quiet", "--no-deps", "--disable-pip-version-check", "-r"];
            run_into(command(folder.join("bin/pip"), arguments).arg(requirements), &log)
        })?;
        Ok(Self { bin: folder.join("bin") })
    }

    /// A program of this environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

/// A `python2.7` that runs: on the PATH, or among pyenv's versions.
fn find_2_7() -> Outcome<PathBuf> {
    let pyenv = env::var_os("PYENV_ROOT").map(PathBuf::from);
    let pyenv = pyenv.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv")));
    let versions = pyenv.and_then(|root| fs::read_dir(root.join("versions")).ok());
    let of_pyenv = versions
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin/python2.7"));
    let mut candidates = std::iter::once(PathBuf::from("python2.7")).chain(of_pyenv);
    candidates.find(|python| answers(&mut command(python, ["--version"]))).ok_or_else(|| {
        Failure::new("no python2.7 on the PATH or in pyenv, and the Autobahn test suite runs on nothing newer: install one")
    })
}
