//! The command as it is run: real processes, real sockets on loopback, real exit codes.

mod connect;
mod manual;
mod run;
mod serve;
mod tls;
