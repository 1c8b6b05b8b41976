//! A program beside the test.

use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// How long anything may take; nothing waits for this unless it fails.
const BOUND: Duration = Duration::from_secs(180);

/// A program that is killed with the test.
pub(crate) struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

/// What ran to its end.
pub(crate) struct Finished {
    pub(crate) success: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Ends with the test if this takes too long.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(BOUND, future).await.expect("it takes too long")
}

fn command(path: &str, words: &[&str]) -> Command {
    let mut command = Command::new(path);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    command
}

/// Runs a program to its end.
pub(crate) async fn run(path: &str, words: &[&str]) -> Finished {
    let output = soon(command(path, words).stderr(Stdio::piped()).output()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Finished {
        success: output.status.success(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

impl Program {
    pub(crate) fn start(path: &str, words: &[&str]) -> Self {
        let mut child = command(path, words).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Starts a server, and gives the `host:port` that its first line tells.
    pub(crate) async fn serve(path: &str, words: &[&str]) -> (Self, String) {
        let mut program = Self::start(path, words);
        let line = program.line().await;
        let (_, rest) = line.split_once("://").expect("the first line tells a URL");
        let address = rest.split('/').next().unwrap().to_owned();
        (program, address)
    }

    /// The next line.
    pub(crate) async fn line(&mut self) -> String {
        soon(self.lines.next_line()).await.unwrap().expect("it says one more line")
    }

    /// The first line from here on that begins like this.
    pub(crate) async fn line_with(&mut self, beginning: &str) -> String {
        loop {
            let line = self.line().await;
            if line.starts_with(beginning) {
                return line;
            }
        }
    }

    /// Ctrl-C.
    pub(crate) async fn interrupt(&self) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", "INT", &id]).status().await.unwrap().success());
    }

    /// No time for a good-bye.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Ends it with Ctrl-C; it must end well. Gives the lines that are left.
    pub(crate) async fn end(self) -> String {
        self.interrupt().await;
        self.ended().await
    }

    /// Waits for its end, which must be a good one. Gives the lines that are left.
    pub(crate) async fn ended(mut self) -> String {
        let mut rest = String::new();
        soon(self.lines.get_mut().read_to_string(&mut rest)).await.unwrap();
        assert!(soon(self.child.wait()).await.unwrap().success(), "{rest}");
        rest
    }
}
