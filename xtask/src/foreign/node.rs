//! ws on Node, and Bun.

use super::program::{Foreign, Program};
use crate::{
    failure::{Failure, Outcome},
    paths,
    process::{command, output},
    tools::node::Node,
};

pub(super) const NAMES: [&str; 2] = ["ws", "bun"];

pub(super) fn install() -> Outcome<Vec<Foreign>> {
    Ok(vec![ws()?, bun()?])
}

fn ws() -> Outcome<Foreign> {
    let folder = paths::peers("node");
    let manifest = folder.join("package.json");
    let node = Node::install("foreign-node", &manifest)?;
    let script = |role| {
        let program = Program::new("node").arg(folder.join(format!("{role}.cjs")));
        program.env("NODE_PATH", node.modules())
    };
    let runtime = output(&mut command("node", ["--version"]))?;
    let version =
        format!("{}, Node {}", pinned(&manifest, "ws")?, runtime.trim().trim_start_matches('v'));
    Ok(Foreign { name: "ws", version, server: script("server"), client: Some(script("client")) })
}

fn bun() -> Outcome<Foreign> {
    let folder = paths::peers("bun");
    let manifest = folder.join("package.json");
    let modules = Node::install("foreign-bun", &manifest)?;
    let system = match std::env::consts::ARCH {
        "aarch64" => "bun-linux-aarch64",
        _ => "bun-linux-x64",
    };
    let bun = modules.modules().join("@oven").join(system).join("bin/bun");
    let script = |role| Program::new(&bun).arg(folder.join(format!("{role}.mjs")));
    let version = pinned(&manifest, "bun")?;
    Ok(Foreign { name: "bun", version, server: script("server"), client: Some(script("client")) })
}

/// The version that a `package.json` pins.
fn pinned(manifest: &std::path::Path, package: &str) -> Outcome<String> {
    let text = paths::read(manifest)?;
    let rest = text.split_once(&format!("\"{package}\": \"")).map(|(_, rest)| rest);
    let version = rest.and_then(|rest| rest.split('"').next()).map(str::to_owned);
    version.ok_or_else(|| Failure::new(format!("{} does not pin {package}", manifest.display())))
}
