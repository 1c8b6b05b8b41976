//! gorilla and nhooyr, as Debian packages them: built against their sources below `/usr/share/gocode`.

use super::program::{Foreign, Program};
use crate::{
    failure::Outcome,
    paths,
    process::{command, run},
    tools::apt,
};

pub(super) const NAMES: [&str; 2] = ["gorilla", "nhooyr"];

/// Where Debian puts sources of Go.
const SOURCES: &str = "/usr/share/gocode";

pub(super) fn install() -> Outcome<Vec<Foreign>> {
    apt::ensure("go", "version", "golang-go")?;
    let gorilla = "golang-github-gorilla-websocket-dev";
    let nhooyr = "golang-nhooyr-websocket-dev";
    apt::ensure_file(&format!("{SOURCES}/src/github.com/gorilla/websocket"), gorilla)?;
    apt::ensure_file(&format!("{SOURCES}/src/nhooyr.io/websocket"), nhooyr)?;
    let runtime = apt::version("golang-go")?;
    let version = |package| Ok(format!("{}, Go {runtime}", apt::version(package)?));
    Ok(vec![
        Foreign {
            name: "gorilla",
            version: version(gorilla)?,
            server: build("gorilla-server")?,
            client: Some(build("gorilla-client")?),
        },
        Foreign {
            name: "nhooyr",
            version: version(nhooyr)?,
            server: build("nhooyr-server")?,
            client: None,
        },
    ])
}

fn build(name: &str) -> Outcome<Program> {
    let built = paths::tool("foreign-go").join(name);
    let folder = paths::peers("go");
    paths::make(&paths::tool("foreign-go"))?;
    let mut build = command("go", ["build", "-o"]);
    build.arg(&built).arg(format!("./{name}")).current_dir(folder);
    run(build.env("GO111MODULE", "off").env("GOPATH", SOURCES))?;
    // As every other server, on one core; the runtime's own threads are not bound by it.
    Ok(Program::new(built).env("GOMAXPROCS", "1"))
}
