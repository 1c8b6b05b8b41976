//! A program of somebody else, and how to start it.

use crate::process::command;
use serde_json::{Value, json};
use std::{ffi::OsString, path::Path, process::Command};

/// An implementation in one or both roles.
///
/// Servers take `--port N --deflate off|no-takeover|takeover`, clients `URL --agent NAME --deflate …`; both end with
/// [`UNSUPPORTED`] if the library cannot do what was asked.
#[derive(Clone)]
pub(crate) struct Foreign {
    pub(crate) name: &'static str,
    /// Of the library, and of what runs it.
    pub(crate) version: String,
    pub(crate) server: Program,
    pub(crate) client: Option<Program>,
}

/// The exit code of a program whose library lacks what was asked.
pub(crate) const UNSUPPORTED: i32 = 3;

/// A command line, with what it needs in its environment.
#[derive(Clone)]
pub(crate) struct Program {
    words: Vec<OsString>,
    environment: Vec<(&'static str, OsString)>,
}

impl Program {
    pub(crate) fn new(program: impl AsRef<Path>) -> Self {
        Self { words: vec![program.as_ref().into()], environment: Vec::new() }
    }

    pub(crate) fn arg(mut self, word: impl Into<OsString>) -> Self {
        self.words.push(word.into());
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// The words, and what stands in front of them in the environment.
    pub(crate) fn command(&self) -> Command {
        let mut line = command(&self.words[0], &self.words[1..]);
        line.envs(self.environment.iter().map(|(name, value)| (name, value)));
        line
    }

    fn json(&self) -> Value {
        let words: Vec<_> = self.words.iter().map(|word| word.to_string_lossy()).collect();
        let pairs = self.environment.iter();
        let environment: serde_json::Map<String, Value> = pairs
            .map(|(name, value)| ((*name).to_owned(), json!(value.to_string_lossy())))
            .collect();
        json!({ "words": words, "environment": environment })
    }
}

impl Foreign {
    pub(super) fn json(&self) -> Value {
        json!({
            "name": self.name,
            "version": self.version,
            "server": self.server.json(),
            "client": self.client.as_ref().map(Program::json),
        })
    }
}
