//! libwebsockets, as Debian packages it.

use super::program::{Foreign, Program};
use crate::{
    failure::Outcome,
    paths,
    process::{command, run},
    tools::apt,
};

pub(super) const NAMES: [&str; 1] = ["libwebsockets"];

pub(super) fn install() -> Outcome<Vec<Foreign>> {
    apt::ensure("gcc", "--version", "gcc")?;
    apt::ensure_file("/usr/include/libwebsockets.h", "libwebsockets-dev")?;
    let built = paths::tool("foreign-c").join("lws-server");
    paths::make(&paths::tool("foreign-c"))?;
    let mut compile = command("gcc", ["-O2", "-Wall", "-o"]);
    run(compile.arg(&built).arg(paths::peers("c").join("lws-server.c")).arg("-lwebsockets"))?;
    let version = apt::version("libwebsockets-dev")?;
    Ok(vec![Foreign { name: "libwebsockets", version, server: Program::new(built), client: None }])
}
