//! websockets, picows and aiohttp, the servers on uvloop.

use super::program::{Foreign, Program};
use crate::{
    failure::{Failure, Outcome},
    paths,
    tools::python::Python,
};

pub(super) const NAMES: [&str; 3] = ["websockets", "picows", "aiohttp"];

/// Those that are servers only.
const SERVERS: [&str; 1] = ["picows"];

pub(super) fn install() -> Outcome<Vec<Foreign>> {
    let folder = paths::peers("python");
    let requirements = folder.join("requirements.txt");
    let python = Python::v3("foreign-python", &requirements)?;
    let pinned = paths::read(&requirements)?;
    let script = |name, role| {
        let program = Program::new(python.program("python"));
        let program = program.arg(folder.join(format!("{name}_{role}.py")));
        program.env("PYTHONUNBUFFERED", "1").env("PYTHONDONTWRITEBYTECODE", "1")
    };
    let foreign = |name: &'static str| {
        Ok(Foreign {
            name,
            version: format!("{}, uvloop {}", version(&pinned, name)?, version(&pinned, "uvloop")?),
            server: script(name, "server"),
            client: (!SERVERS.contains(&name)).then(|| script(name, "client")),
        })
    };
    NAMES.into_iter().map(foreign).collect()
}

fn version(pinned: &str, package: &str) -> Outcome<String> {
    let line = pinned.lines().find_map(|line| line.strip_prefix(package)?.strip_prefix("=="));
    let missing = || Failure::new(format!("requirements.txt does not pin {package}"));
    line.map(str::to_owned).ok_or_else(missing)
}
