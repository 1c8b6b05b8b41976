//! Who is tested: command lines, as data.

use crate::{
    failure::{During, Failure, Outcome},
    paths,
    process::{Background, cargo, command, run},
};
use serde_json::{Value, json};
use std::path::Path;

/// How the programs under test are built and started.
pub(super) struct Subject(Value);

impl Subject {
    /// Reads `{"build": [[…]], "server": […], "client": […]}`.
    pub(super) fn read(path: &Path) -> Outcome<Self> {
        Ok(Self(serde_json::from_str(&paths::read(path)?).during(path.display())?))
    }

    /// A server that is built: its words, `{port}` among them.
    pub(super) fn server(words: &[String]) -> Self {
        Self(json!({ "server": words }))
    }

    /// Runs each of its `build` lines with cargo.
    pub(super) fn build(&self) -> Outcome {
        let lines = self.0["build"].as_array().map(Vec::as_slice).unwrap_or_default();
        lines.iter().try_for_each(|line| run(&mut cargo(words(line)?)))
    }

    /// Starts the server with its `{port}` filled in, and waits until it listens.
    pub(super) fn serve(&self, port: u16, log: &Path) -> Outcome<Background> {
        let line = words(&self.0["server"])?;
        let line: Vec<_> =
            line.iter().map(|word| word.replace("{port}", &port.to_string())).collect();
        let mut server = Background::start(&mut command(&line[0], &line[1..]), log)?;
        server.listens_on(port)?;
        Ok(server)
    }

    /// Starts the client with the URLs of the fuzzing servers behind its own arguments.
    pub(super) fn connect(&self, urls: &[String], log: &Path) -> Outcome<Background> {
        let line = words(&self.0["client"])?;
        Background::start(command(line[0], &line[1..]).args(urls), log)
    }
}

fn words(line: &Value) -> Outcome<Vec<&str>> {
    let words: Option<Vec<&str>> =
        line.as_array().and_then(|words| words.iter().map(Value::as_str).collect());
    words
        .filter(|words| !words.is_empty())
        .ok_or_else(|| Failure::new(format!("a command line is a list of words, not {line}")))
}
