//! The crates of others, the limits, and wharf itself: a workspace of its own.

use super::program::{Foreign, Program};
use crate::{
    failure::{Failure, Outcome},
    paths,
    process::{cargo, run},
};

pub(super) const NAMES: [&str; 11] = [
    "raw-epoll",
    "raw-tokio",
    "wharf",
    "wharf-mimalloc",
    "tokio-tungstenite",
    "fastwebsockets",
    "tokio-websockets",
    "sockudo-ws",
    "yawc",
    "axum-wharf",
    "axum-ws",
];

/// Those that are servers only.
const SERVERS: [&str; 6] =
    ["raw-epoll", "raw-tokio", "wharf", "wharf-mimalloc", "axum-wharf", "axum-ws"];

pub(super) fn install() -> Outcome<Vec<Foreign>> {
    programs("release")
}

/// The same, but a panic ends a connection and not the process.
pub(super) fn unwinding() -> Outcome<Vec<Foreign>> {
    programs("unwinding")
}

fn programs(profile: &str) -> Outcome<Vec<Foreign>> {
    let workspace = paths::peers("rust");
    let target = paths::target().join("peers");
    // The settings below `.cargo` hold for who stands in the folder. Not `--locked`: what wharf comes to depend on is
    // added to the lock file, and nothing else in it changes.
    let mut build = cargo(["build", "--quiet", "--profile", profile, "--target-dir"]);
    run(build.arg(&target).current_dir(&workspace))?;
    let lock = paths::read(&workspace.join("Cargo.lock"))?;
    let built = |name: &str, role| Program::new(target.join(format!("{profile}/{name}-{role}")));
    let foreign = |name: &'static str| {
        Ok(Foreign {
            name,
            version: version(&lock, name)?,
            server: built(name, "server"),
            client: (!SERVERS.contains(&name)).then(|| built(name, "client")),
        })
    };
    NAMES.into_iter().map(foreign).collect()
}

/// The version in the lock file of what the program is about: the newest, if others depend on an older one.
fn version(lock: &str, name: &str) -> Outcome<String> {
    let package = match name {
        "raw-epoll" => "rustix",
        "raw-tokio" => "tokio",
        "wharf-mimalloc" => "mimalloc",
        "axum-wharf" | "axum-ws" => "axum",
        library => library,
    };
    let entry = lock.rsplit_once(&format!("name = \"{package}\"\nversion = \""));
    let version = entry.and_then(|(_, rest)| rest.split('"').next());
    let version = version.ok_or_else(|| Failure::new(format!("{package} is not in Cargo.lock")))?;
    Ok(if package == name { version.to_owned() } else { format!("{package} {version}") })
}
