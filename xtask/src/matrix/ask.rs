//! Runs of `wharf check` against a peer.

use super::peer::{self, Role};
use crate::{
    checks,
    failure::{Failure, Outcome},
    foreign::{Foreign, Program},
    process::{Background, cargo, command, free_port, run},
    served::Served,
};
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// The command, as it ships.
pub(super) const WHARF: &str = "target/release/wharf";
/// The client of ours that it asks.
const CLIENT: &str = "target/release/examples/check_client";
/// What one run may take: a client in a loop is asked one case after the other.
const BOUND: Duration = Duration::from_secs(1500);
/// The exit codes of a run that found something, or whose target did not live to its end.
const FOUND: [i32; 2] = [6, 11];

/// A report, and about whom it is.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) name: &'static str,
    pub(super) version: String,
    pub(super) role: Role,
    pub(super) mode: &'static str,
    pub(super) report: PathBuf,
}

/// Whether a report of an earlier run will do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    New,
    OrOld,
}

/// Which cases are asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cases {
    /// All but the big ones.
    Usual,
    /// Those of Autobahn's groups 9, 12 and 13.
    Volumes,
}

/// Builds the command, and the client of ours.
pub(super) fn build() -> Outcome {
    checks::cargo::release()?;
    let example = ["--package", "wharf", "--example", "check_client"];
    run(cargo(["build", "--quiet", "--release"]).args(example))
}

/// Asks a peer in a role; `None` if it does not play it.
pub(super) fn ask(
    peer: &Foreign,
    role: Role,
    folder: &Path,
    cases: Cases,
    wanted: Report,
) -> Outcome<Option<Asked>> {
    let end = if cases == Cases::Volumes { "-volumes" } else { "" };
    let name = format!("{}-{}{end}", peer.name, role.name());
    let place = Place { folder, name: &name, cases, wanted };
    let mode = match (peer.name, role, &peer.client) {
        ("wharf", Role::Server, _) => our_server(&place)?,
        ("wharf", Role::Client, _) => our_client(&place)?,
        (_, Role::Server, _) => server(peer, &place)?,
        (_, Role::Client, Some(program)) => client(peer, program, &place)?,
        (_, Role::Client, None) => return Ok(None),
    };
    let (name, version) = (peer.name, peer.version.clone());
    Ok(Some(Asked { name, version, role, mode, report: place.report() }))
}

/// Where a run leaves what.
struct Place<'a> {
    folder: &'a Path,
    name: &'a str,
    cases: Cases,
    wanted: Report,
}

impl Place<'_> {
    fn file(&self, end: &str) -> PathBuf {
        self.folder.join(format!("{}{end}", self.name))
    }

    fn report(&self) -> PathBuf {
        self.file(".json")
    }

    fn is_there(&self) -> bool {
        self.wanted == Report::OrOld && self.report().exists()
    }

    /// `wharf check` with a report for this place.
    fn check(&self, words: &[&str]) -> Command {
        let mut line = command(WHARF, ["check"]);
        line.args(words).args(["--name", self.name, "--report"]);
        line.arg(format!("json={}", self.report().display()));
        if self.cases == Cases::Volumes {
            line.args(["--big", "--only", "9.*,12.*,13.*"]);
        }
        line
    }

    /// Runs it to its end; what it finds is no failure.
    fn run(&self, line: &mut Command) -> Outcome {
        if self.is_there() {
            return Ok(());
        }
        judged(&mut Background::start(line, &self.file(".txt"))?, self)
    }
}

fn judged(check: &mut Background, place: &Place<'_>) -> Outcome {
    let status = check.within(BOUND)?;
    match status.code() {
        Some(code) if code == 0 || FOUND.contains(&code) => Ok(()),
        _ => {
            let log = place.file(".txt");
            Err(Failure::new(format!("{}: {status}; see {}", place.name, log.display())))
        }
    }
}

fn server(peer: &Foreign, place: &Place<'_>) -> Outcome<&'static str> {
    let serving = peer::serve(peer, &place.file(".log"))?;
    let url = format!("ws://127.0.0.1:{}/", serving.port);
    place.run(&mut place.check(&["server", &url]))?;
    Ok(serving.mode)
}

fn client(peer: &Foreign, program: &Program, place: &Place<'_>) -> Outcome<&'static str> {
    let mode = peer::client_mode(peer, program, &place.file(".log"))?;
    if place.is_there() {
        return Ok(mode);
    }
    let port = free_port()?;
    let address = format!("127.0.0.1:{port}");
    let mut line = place.check(&["client", "--listen", &address]);
    let mut check = Background::start(&mut line, &place.file(".txt"))?;
    check.listens_on(port)?;
    let url = format!("ws://{address}");
    let mut looping = peer::client(program, peer.name, &url, mode);
    let _client = Background::start(&mut looping, &place.file(".log"))?;
    judged(&mut check, place)?;
    Ok(mode)
}

fn our_server(place: &Place<'_>) -> Outcome<&'static str> {
    let server = Served::start(&[], None, &place.file(".log"))?;
    let url = format!("ws://127.0.0.1:{}/echo", server.port);
    place.run(&mut place.check(&["server", &url]))?;
    Ok("takeover")
}

fn our_client(place: &Place<'_>) -> Outcome<&'static str> {
    place.run(place.check(&["client"]).args(["--", CLIENT]))?;
    Ok("takeover")
}
