//! The command as it is run: real processes, real sockets on loopback, real exit codes.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod audit;
mod bench;
mod check;
mod connect;
mod manual;
mod run;
mod serve;
mod tls;
mod ways;
