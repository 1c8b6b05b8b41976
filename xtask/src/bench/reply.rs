//! How many bytes a compressed reply takes, on a connection that has settled.

use super::scenario::Deflate;
use crate::{
    failure::{During, Failure, Outcome},
    paths,
    process::{command, output},
    tools::python::Python,
};

/// Asks with a client of somebody else, which counts the bytes of the replies as they come.
pub(super) fn bytes(port: u16, deflate: Deflate) -> Outcome<f64> {
    let folder = paths::peers("python");
    let python = Python::v3("foreign-python", &folder.join("requirements.txt"))?;
    let script = folder.join("reply_size.py");
    let mut line = command(python.program("python"), [script]);
    line.args([port.to_string().as_str(), deflate.word()]).env("PYTHONDONTWRITEBYTECODE", "1");
    let told = output(&mut line)?;
    let size: f64 = told.trim().parse().during("reading the size of a reply")?;
    if size > 0.0 { Ok(size) } else { Err(Failure::new("a reply has no size")) }
}
