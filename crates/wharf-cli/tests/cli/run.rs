//! Runs the command.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Output, Stdio},
};

/// The command, free of what the caller's environment might say.
pub(crate) fn wharf(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wharf"));
    command
        .args(arguments)
        .env_remove("WHARF_LOG")
        .env_remove("WHARF_ADDR")
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS");
    command.stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    wharf(arguments).output().unwrap()
}

/// Runs it to its end with this input.
pub(crate) fn run_with(input: &[u8], arguments: &[&str]) -> Output {
    let mut command = wharf(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that ends before it has read everything is no failure of the test's.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

pub(crate) fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

/// A command that runs while the test speaks to it; killed with the test.
pub(crate) struct Running {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    errors: BufReader<ChildStderr>,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = wharf(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let errors = BufReader::new(child.stderr.take().unwrap());
        Self { input: child.stdin.take(), child, output, errors }
    }

    /// The next line of stdout, waited for; empty at its end.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// The next line of stderr, waited for; empty at its end.
    pub(crate) fn note(&mut self) -> String {
        let mut line = String::new();
        self.errors.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    pub(crate) fn write(&mut self, text: &str) {
        self.input.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    pub(crate) fn end_input(&mut self) {
        self.input = None;
    }

    /// Sends a signal, by the tool that every Unix has.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Waits for the end: the exit code, and what stood on stderr.
    pub(crate) fn wait(mut self) -> (i32, String) {
        let mut errors = String::new();
        self.errors.read_to_string(&mut errors).unwrap();
        (self.child.wait().unwrap().code().unwrap(), errors)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, or it must.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server on a free port.
pub(crate) struct Served {
    pub(crate) process: Running,
    /// Such as `http://127.0.0.1:40000/`.
    pub(crate) page: String,
    /// Such as `ws://127.0.0.1:40000/echo`.
    pub(crate) echo: String,
}

impl Served {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut all = vec!["serve", "--addr", "127.0.0.1:0"];
        all.extend(arguments);
        let mut process = Running::start(&all);
        let page = process.line().strip_prefix("page  ").unwrap().to_owned();
        let echo = process.line().strip_prefix("echo  ").unwrap().to_owned();
        Self { process, page, echo }
    }

    /// The URL of another path.
    pub(crate) fn at(&self, path: &str) -> String {
        self.echo.replace("/echo", path)
    }

    /// `host:port`.
    pub(crate) fn authority(&self) -> &str {
        self.page.split('/').nth(2).unwrap()
    }
}
