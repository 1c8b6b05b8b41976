//! The implementations of others, as scripts under `tests/peers`.

use crate::{
    failure::Outcome,
    paths,
    process::command,
    tools::{node::Node, python::Python},
};
use std::process::Command;

/// One implementation of both roles.
pub(super) struct Foreign {
    pub(super) name: &'static str,
    script: Box<dyn Fn(&str) -> Command>,
}

impl Foreign {
    /// Its client, which tries an echo server: `URL OFFER EXPECTED [ROOT.pem]`.
    pub(super) fn client(&self) -> Command {
        (self.script)("client")
    }

    /// Its echo server: `PORT [CERTIFICATE.pem KEY.pem]`.
    pub(super) fn server(&self) -> Command {
        (self.script)("server")
    }
}

/// Installs all of them.
pub(super) fn install() -> Outcome<Vec<Foreign>> {
    Ok(vec![python()?, node()?])
}

fn python() -> Outcome<Foreign> {
    let folder = paths::tests("peers/python");
    let python = Python::v3("peers-python", &folder.join("requirements.txt"))?;
    let script = move |role: &str| {
        let mut script = command(python.program("python"), [folder.join(format!("{role}.py"))]);
        script.env("PYTHONUNBUFFERED", "1").env("PYTHONDONTWRITEBYTECODE", "1");
        script
    };
    Ok(Foreign { name: "python-websockets", script: Box::new(script) })
}

fn node() -> Outcome<Foreign> {
    let folder = paths::tests("peers/node");
    let node = Node::install("peers-node", &folder.join("package.json"))?;
    let script = move |role: &str| node.script(&folder.join(format!("{role}.cjs")));
    Ok(Foreign { name: "node-ws", script: Box::new(script) })
}
