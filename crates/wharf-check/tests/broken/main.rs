//! Broken peers: each case of the suite must be failed by one of them.

mod fault;
mod peer;

#[test]
fn hold() {
    use fault::Fault;
    let fault = std::env::var("FAULT").ok();
    let fault =
        fault.map(|name| *Fault::ALL.iter().find(|f| format!("{f:?}") == name).expect("known"));
    let setup =
        peer::Setup { fault, message: 64 << 20, fragments: 1 << 20, ..peer::Setup::CORRECT };
    let server = peer::Server::start(setup).unwrap();
    std::fs::write("/tmp/scratch/addr", server.address().to_string()).unwrap();
    std::thread::sleep(std::time::Duration::from_secs(
        std::env::var("HOLD").map_or(0, |h| h.parse().unwrap()),
    ));
}
