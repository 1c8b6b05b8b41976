//! What clients see when nginx is reloaded or stopped, and when the server behind it goes.

use super::bench::Bench;
use crate::{failure::Outcome, process::Signal};

/// What a client says of a connection that was cut.
const CUT: &str = "closed 1006 by the transport";

/// Open connections go on, and new ones come.
pub(super) fn reload(bench: &Bench) -> Outcome {
    let server = bench.server(&[])?;
    let nginx = bench.nginx(&server, Ok)?;
    let mut talk = bench.talk(&nginx)?;
    nginx.reload()?;
    talk.echoes("after the reload")?;
    bench.talk(&nginx)?.leaves()?;
    talk.echoes("beside a new one")?;
    talk.leaves()
}

/// The old worker is given a second.
pub(super) fn impatient_reload(bench: &Bench) -> Outcome {
    let server = bench.server(&[])?;
    let nginx = bench.nginx(&server, |recipe| Ok(recipe.before("worker_shutdown_timeout 1s;")))?;
    let talk = bench.talk(&nginx)?;
    nginx.reload()?;
    talk.ends(CUT, 8)
}

/// `nginx -s stop`
pub(super) fn stop(bench: &Bench) -> Outcome {
    let server = bench.server(&[])?;
    let nginx = bench.nginx(&server, Ok)?;
    let talk = bench.talk(&nginx)?;
    nginx.signal(Signal::Terminate)?;
    talk.ends(CUT, 8)
}

/// The farewell passes nginx; afterwards nginx says that nobody is there.
pub(super) fn drain(bench: &Bench) -> Outcome {
    let mut server = bench.server(&[])?;
    let nginx = bench.nginx(&server, Ok)?;
    let talk = bench.talk(&nginx)?;
    server.drain()?;
    talk.ends("closed 1001 by the peer", 0)?;
    bench.connect(&[&nginx.url("/echo")], "answered 502 Bad Gateway", 5)
}
