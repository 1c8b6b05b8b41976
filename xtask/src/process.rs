//! Running other programs: to their end, or beside us until dropped.

use crate::failure::{During, Failure, Outcome};
use std::{
    ffi::OsStr,
    fs::File,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU16, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

/// A command at the root of the workspace, without standard input.
pub(crate) fn command<S: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = S>,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(crate::paths::root()).stdin(Stdio::null());
    command
}

/// Cargo with these arguments.
pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments)
}

/// Runs to the end; anything but success is a failure.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().during(shown(command))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("{}: {status}", shown(command))))
    }
}

/// Runs to the end with its output in a file, which a failure names.
pub(crate) fn run_into(command: &mut Command, log: &Path) -> Outcome {
    let mut child = Background::start(command, log)?;
    child.success()
}

/// Runs to the end and gives its standard output.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stderr(Stdio::inherit()).output().during(shown(command))?;
    if !output.status.success() {
        return Err(Failure::new(format!("{}: {}", shown(command), output.status)));
    }
    String::from_utf8(output.stdout).during(shown(command))
}

/// Whether a program can be started and says so itself.
pub(crate) fn answers(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What a program can be told by the system.
#[derive(Clone, Copy)]
pub(crate) enum Signal {
    /// To stand still.
    Stop,
    /// To read its configuration again.
    HangUp,
    /// To end in order.
    Terminate,
}

impl Signal {
    const fn name(self) -> &'static str {
        match self {
            Self::Stop => "STOP",
            Self::HangUp => "HUP",
            Self::Terminate => "TERM",
        }
    }
}

/// Whether a program listens.
pub(crate) enum Listening {
    Yes,
    /// It has ended instead.
    Ended(ExitStatus),
}

/// A program beside us, killed when this is dropped.
pub(crate) struct Background {
    child: Child,
    what: String,
    log: String,
}

impl Background {
    /// Starts it with all its output in a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Outcome<Self> {
        let file = File::create(log).during(format!("making {}", log.display()))?;
        let errors = file.try_clone().during(format!("sharing {}", log.display()))?;
        let child = command.stdout(file).stderr(errors).spawn().during(shown(command))?;
        Ok(Self { child, what: shown(command), log: log.display().to_string() })
    }

    /// Waits for its end.
    pub(crate) fn success(&mut self) -> Outcome {
        let status = self.child.wait().during(&self.what)?;
        let refusal = || Failure::new(format!("{}: {status}; see {}", self.what, self.log));
        if status.success() { Ok(()) } else { Err(refusal()) }
    }

    /// Waits for its end, but no longer than this; gives how it ended.
    pub(crate) fn within(&mut self, bound: Duration) -> Outcome<ExitStatus> {
        let deadline = Instant::now() + bound;
        loop {
            if let Some(status) = self.child.try_wait().during(&self.what)? {
                return Ok(status);
            }
            if Instant::now() > deadline {
                let (what, log, seconds) = (&self.what, &self.log, bound.as_secs());
                return Err(Failure::new(format!("{what} takes over {seconds} s; see {log}")));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until it listens on this port of the loopback.
    pub(crate) fn listens_on(&mut self, port: u16) -> Outcome {
        match self.listening(port)? {
            Listening::Yes => Ok(()),
            Listening::Ended(status) => Err(Failure::new(format!(
                "{} ended at once ({status}); see {}",
                self.what, self.log
            ))),
        }
    }

    /// Waits until it listens on this port of the loopback, or ends.
    pub(crate) fn listening(&mut self, port: u16) -> Outcome<Listening> {
        let deadline = Instant::now() + Duration::from_secs(180);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Some(status) = self.child.try_wait().during(&self.what)? {
                return Ok(Listening::Ended(status));
            }
            if Instant::now() > deadline {
                return Err(Failure::new(format!("{} does not listen on port {port}", self.what)));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(Listening::Yes)
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) -> Outcome {
        // The shell has this command built in; not every machine has a program of that name.
        run(&mut command("sh", ["-c", &format!("kill -{} {}", signal.name(), self.id())]))
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// A port of the loopback that nobody listens on now, and that nobody gets who asks the system for any; each is told once.
pub(crate) fn free_port() -> Outcome<u16> {
    static TOLD: AtomicU16 = AtomicU16::new(0);
    /// Below those that systems give away by themselves.
    const FIRST: u16 = 10_000;
    const COUNT: u16 = 20_000;
    let own = u16::try_from(std::process::id() % u32::from(COUNT)).expect("it is below");
    for _ in 0..COUNT {
        let port = FIRST + (own + TOLD.fetch_add(1, Relaxed)) % COUNT;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    Err(Failure::new(format!("no port from {FIRST} on is free")))
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
