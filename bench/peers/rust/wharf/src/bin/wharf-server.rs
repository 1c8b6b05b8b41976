//! An echo server.
#![forbid(unsafe_code)]

fn main() -> std::io::Result<()> {
    peer_wharf::main()
}
