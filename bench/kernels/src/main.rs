//! Masking, UTF-8 and decoding in memory, beside the crates that others wrote.
//!
//! `cargo run --release` in this folder, optionally `-- mask`, `-- utf8` or `-- decode`. The rows of a column are
//! measured in turns, round by round, so that whatever else the machine does meets all of them alike; each
//! figure is the median of its rounds.

mod decode;
mod mask;
mod memory;
mod rounds;
mod utf8;

fn main() {
    let wanted = std::env::args().nth(1);
    let tables: [(&str, fn()); 3] =
        [("mask", mask::tables), ("utf8", utf8::tables), ("decode", decode::tables)];
    for (name, tables) in tables {
        if wanted.as_deref().is_none_or(|wanted| wanted == name) {
            tables();
        }
    }
}
