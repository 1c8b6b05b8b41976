//! The `wharf` command.
#![forbid(unsafe_code)]

fn main() {}
