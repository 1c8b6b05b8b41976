//! Whole runs against servers in this process: short by the number of messages, not by time.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod echo;
mod fan_out;
mod reports;
mod support;
mod trouble;
