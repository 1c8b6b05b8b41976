//! Who is asked, in which role, and with which mode of permessage-deflate.

use crate::{
    failure::{Failure, Outcome},
    foreign::{Foreign, Program, UNSUPPORTED},
    process::{Background, Listening, free_port},
};
use std::{path::Path, process::Command, time::Duration};

/// Modes of permessage-deflate, the widest first.
const MODES: [&str; 3] = ["takeover", "no-takeover", "off"];
/// What a client may take to say that it lacks a mode.
const REFUSAL: Duration = Duration::from_secs(30);

/// The role that is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Server,
    Client,
}

impl Role {
    pub(super) const ALL: [Self; 2] = [Self::Server, Self::Client];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
        }
    }
}

/// A server that listens, and the mode it took.
pub(super) struct Serving {
    _process: Background,
    pub(super) port: u16,
    pub(super) mode: &'static str,
}

/// Starts a server with the widest mode it has.
pub(super) fn serve(peer: &Foreign, log: &Path) -> Outcome<Serving> {
    for mode in MODES {
        let port = free_port()?;
        let mut process = Background::start(&mut server(&peer.server, port, mode), log)?;
        match process.listening(port)? {
            Listening::Yes => return Ok(Serving { _process: process, port, mode }),
            Listening::Ended(status) if status.code() == Some(UNSUPPORTED) => {}
            Listening::Ended(status) => {
                let told = format!("{} ended at once ({status}); see {}", peer.name, log.display());
                return Err(Failure::new(told));
            }
        }
    }
    Err(Failure::new(format!("{} takes no mode of permessage-deflate, not even off", peer.name)))
}

fn server(program: &Program, port: u16, mode: &str) -> Command {
    let mut line = program.command();
    line.args(["--port", &port.to_string(), "--deflate", mode]);
    line
}

/// A client that loops over the cases at a URL.
pub(super) fn client(program: &Program, name: &str, url: &str, mode: &str) -> Command {
    let mut line = program.command();
    line.args([url, "--agent", name, "--deflate", mode]);
    line
}

/// The widest mode that a client has: it says so before it connects, here to nobody.
pub(super) fn client_mode(peer: &Foreign, program: &Program, log: &Path) -> Outcome<&'static str> {
    for mode in MODES {
        let url = format!("ws://127.0.0.1:{}", free_port()?);
        let mut process = Background::start(&mut client(program, peer.name, &url, mode), log)?;
        if process.within(REFUSAL)?.code() != Some(UNSUPPORTED) {
            return Ok(mode);
        }
    }
    Err(Failure::new(format!("{} takes no mode of permessage-deflate, not even off", peer.name)))
}

/// The words of a server for others to start, with `{port}` for the port.
pub(super) fn words(program: &Program, mode: &str) -> Vec<String> {
    let line = program.command();
    let text = |word: &std::ffi::OsStr| word.to_string_lossy().into_owned();
    let pairs = line
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={}", text(name), text(value?))));
    let program = std::iter::once(line.get_program()).chain(line.get_args()).map(text);
    let flags = ["--port", "{port}", "--deflate", mode].map(str::to_owned);
    std::iter::once("env".to_owned()).chain(pairs).chain(program).chain(flags).collect()
}
