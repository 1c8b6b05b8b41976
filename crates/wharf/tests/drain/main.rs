//! Sending everybody away in good order.
#![expect(clippy::unwrap_used, reason = "tests")]

mod counting;
mod curve;
mod serving;
mod support;
mod tcp;
