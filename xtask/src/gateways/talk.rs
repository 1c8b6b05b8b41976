//! `wharf connect` as a conversation: a line goes in, its echo comes out, and the end is told.

use crate::{
    failure::{During, Failure, Outcome},
    paths,
    process::command,
};
use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Duration,
};

/// Far more than an answer of the loopback takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// An open connection; cut when this is dropped.
pub(super) struct Talk {
    child: Child,
    input: Option<ChildStdin>,
    /// What it prints, line by line; it ends with the program.
    lines: Receiver<String>,
    log: PathBuf,
}

impl Talk {
    /// Connects, and has one echo come back.
    pub(super) fn start(url: &str, root: &Path, log: PathBuf) -> Outcome<Self> {
        let mut line = command("target/release/wharf", ["connect", "--cacert"]);
        line.arg(root).arg(url).stdin(Stdio::piped()).stdout(Stdio::piped());
        line.stderr(File::create(&log).during(format!("making {}", log.display()))?);
        let mut child = line.spawn().during("starting wharf connect")?;
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let (told, lines) = channel();
        thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| told.send(line))
        });
        let input = child.stdin.take();
        let mut talk = Self { child, input, lines, log };
        talk.echoes("the first line")?;
        Ok(talk)
    }

    /// Sends a line, which must come back.
    pub(super) fn echoes(&mut self, line: &str) -> Outcome {
        let input = self.input.as_mut().expect("it is open until the end");
        input.write_all(format!("{line}\n").as_bytes()).during("sending a line")?;
        match self.lines.recv_timeout(PATIENCE) {
            Ok(heard) if heard == line => Ok(()),
            heard => Err(Failure::new(format!("sent `{line}`, heard {heard:?}; {}", self.said()?))),
        }
    }

    /// Ends the input, and with it the connection.
    pub(super) fn leaves(mut self) -> Outcome {
        self.input = None;
        self.ends("closed 1000 by this end", 0)
    }

    /// Waits for its end, which must be told so.
    pub(super) fn ends(mut self, told: &str, code: i32) -> Outcome {
        match self.lines.recv_timeout(PATIENCE) {
            Err(RecvTimeoutError::Disconnected) => {}
            Err(RecvTimeoutError::Timeout) => return Err(Failure::new("it does not end")),
            Ok(line) => return Err(Failure::new(format!("heard `{line}` instead of the end"))),
        }
        let status = self.child.wait().during("waiting for wharf connect")?;
        let said = self.said()?;
        if status.code() == Some(code) && said.contains(told) {
            return Ok(());
        }
        Err(Failure::new(format!("{status} instead of {code} with `{told}`: {said}")))
    }

    fn said(&self) -> Outcome<String> {
        Ok(paths::read(&self.log)?.trim().replace('\n', "; "))
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
