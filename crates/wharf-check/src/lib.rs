//! Conformance and security cases for any WebSocket server or client.
#![forbid(unsafe_code)]

mod case;
mod groups;
mod run;
mod verdict;
mod wire;

pub use case::kinds::{Group, Level};
pub use run::{
    client::Clients,
    command::ClientCommand,
    plan::{Plan, Scope},
    server::{Progress, check_server},
    target::{Target, TargetError},
    tls::Trust,
    transcript::{Actor, Entry},
};
pub use verdict::{Outcome, Report, Verdict};
pub use wire::role::Role;
