//! Broken peers: each case of the suite must be failed by one of them.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each fault shows in one place; all other places are right to know nothing of it"
)]

mod ask;
mod audit;
mod catches;
mod fault;
mod gone;
mod peer;
mod table;
mod tls;
