//! Masking and decoding in memory, beside the crates that others wrote.
//!
//! `cargo run --release` in this folder, optionally `-- mask` or `-- decode`. The rows of a column are
//! measured in turns, round by round, so that whatever else the machine does meets all of them alike; each
//! figure is the median of its rounds.

mod decode;
mod mask;
mod memory;
mod rounds;

fn main() {
    let wanted = std::env::args().nth(1);
    for (name, tables) in [("mask", mask::tables as fn()), ("decode", decode::tables)] {
        if wanted.as_deref().is_none_or(|wanted| wanted == name) {
            tables();
        }
    }
}
