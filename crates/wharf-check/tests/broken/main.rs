//! Broken peers: each case of the suite must be failed by one of them.

mod ask;
mod catches;
mod fault;
mod peer;
mod table;
