//! The client under test, started once for each case.

use std::{io, process::Stdio};
use tokio::process::{Child, Command};

/// A command line; `{url}` stands for the URL, which else is the last argument.
#[derive(Debug, Clone)]
pub struct ClientCommand {
    words: Vec<String>,
}

/// What stands for the URL.
const URL: &str = "{url}";

impl ClientCommand {
    /// By its words, the program first; `None` if there is none.
    pub fn new(words: Vec<String>) -> Option<Self> {
        (!words.is_empty()).then_some(Self { words })
    }

    /// As it is typed.
    pub(crate) fn shown(&self) -> String {
        self.words.join(" ")
    }

    /// Starts it; it is killed when the child is dropped.
    pub(crate) fn start(&self, url: &str) -> io::Result<Child> {
        let words = self.with(url);
        Command::new(&words[0])
            .args(&words[1..])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
    }

    fn with(&self, url: &str) -> Vec<String> {
        let mut words: Vec<String> = self.words.iter().map(|word| word.replace(URL, url)).collect();
        if !self.words.iter().any(|word| word.contains(URL)) {
            words.push(url.to_owned());
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::ClientCommand;

    #[test]
    fn the_url_goes_to_its_place_or_to_the_end() {
        let with = |words: &[&str]| {
            let words = words.iter().map(ToString::to_string).collect();
            ClientCommand::new(words).unwrap().with("ws://h/")
        };
        assert_eq!(with(&["node", "x.js"]), ["node", "x.js", "ws://h/"]);
        assert_eq!(
            with(&["sh", "-c", "client --url={url} -v"]),
            ["sh", "-c", "client --url=ws://h/ -v"]
        );
        assert!(ClientCommand::new(Vec::new()).is_none());
    }
}
