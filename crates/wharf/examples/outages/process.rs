//! A server in a process of its own.

use super::Outcome;
use std::{
    process::{ExitStatus, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// Far more than anything here takes; only a failure takes so long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);

/// A running server; killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// Where its echo is.
    pub(crate) url: String,
    /// A server whose output nobody takes could end early.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Starts it and waits until it says where its echo is: then it listens.
    pub(crate) async fn start(program: &str, arguments: &[&str]) -> Outcome<Self> {
        let mut line = Command::new(program);
        line.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = line.spawn().map_err(|error| format!("{program}: {error}"))?;
        let mut output = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let url = loop {
            let said = timeout(PATIENCE, output.next_line()).await??;
            let said = said.ok_or_else(|| format!("{program} has ended instead of listening"))?;
            if let Some(url) = said.strip_prefix("echo  ") {
                break url.to_owned();
            }
        };
        Ok(Self { child, url, _output: output })
    }

    /// SIGKILL: it has no say in it.
    pub(crate) async fn kill(mut self) -> Outcome {
        timeout(PATIENCE, self.child.kill()).await??;
        Ok(())
    }

    /// SIGTERM: it ends in order.
    pub(crate) async fn terminate(&self) -> Outcome {
        let id = self.child.id().ok_or("the server has ended by itself")?;
        // The shell has this command built in; not every machine has a program of that name.
        let status = Command::new("sh").arg("-c").arg(format!("kill -TERM {id}")).status().await?;
        if status.success() { Ok(()) } else { Err(format!("kill -TERM {id}: {status}").into()) }
    }

    /// Waits until it has ended.
    pub(crate) async fn ended(&mut self, within: Duration) -> Outcome<ExitStatus> {
        let late = |_| format!("the server is still there after {within:?}");
        Ok(timeout(within, self.child.wait()).await.map_err(late)??)
    }
}
