//! Conformance and security cases for any WebSocket server or client, and their runner.
//!
//! [`check_server`] plays client against an echo; [`Clients`] plays server and starts a command for each case, or
//! serves one client that asks for case after case, as the Autobahn suite does. Both give a [`Report`], which becomes
//! [`html`], [`junit`] or JSON, or is laid beside another one by [`changes`] and [`matrix`].
//!
//! [`audit`] asks another question: what could a stranger do to this server? It gives an [`Audit`] of [`Finding`]s.
//!
//! Nothing here is shared with wharf's own protocol code: a tester that is built on the code under test confirms its
//! mistakes. Cases are values (`groups`), one interpreter runs them in both roles (`run`), and the wire code is small
//! and lets every frame be as wrong as it has to be (`wire`).
#![forbid(unsafe_code)]

mod audit;
mod case;
mod groups;
mod report;
mod run;
mod verdict;
mod wire;

pub use audit::{
    finding::{Audit, Certainty, Finding, Observation, Severity},
    plan::{AuditPlan, Bomb, PingFlood},
    run::{Subject, audit},
};
pub use case::kinds::{Group, Level};
pub use report::{
    baseline::{Change, changes},
    explain::{CaseInfo, explain, list},
    hex::dump,
    html::html,
    junit::junit,
    matrix::matrix,
    tally::Tally,
};
pub use run::{
    client::Clients,
    command::ClientCommand,
    plan::{Plan, Scope},
    progress::Progress,
    server::check_server,
    target::{Target, TargetError},
    tls::Trust,
    transcript::{Actor, Entry},
};
pub use verdict::{Outcome, Report, Verdict};
pub use wire::role::Role;
