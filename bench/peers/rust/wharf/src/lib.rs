//! wharf: the loop of its README, every check and timer on. Only the limits are as wide as every peer's.
#![forbid(unsafe_code)]

use common::{Deflate, MAX_MESSAGE, ServerFlags, run};
use std::{net::Ipv4Addr, thread};
use wharf::{Accept, Acceptor, Config, Context, Role, Server};

/// An echo server.
pub fn main() -> std::io::Result<()> {
    let flags = ServerFlags::read();
    let others: Vec<_> =
        (1..flags.threads).map(|_| thread::spawn(move || run(serve(flags)))).collect();
    let first = run(serve(flags));
    for other in others {
        other.join().expect("a panic aborts")?;
    }
    first
}

async fn serve(flags: ServerFlags) -> std::io::Result<()> {
    let server = Server::bind_reuse_port((Ipv4Addr::LOCALHOST, flags.port).into()).await?;
    let acceptor = Acceptor::builder().accept(accept(flags.deflate)).build();
    server
        .with_acceptor(acceptor)
        .serve(async |mut socket| {
            while let Some(message) = socket.recv().await? {
                socket.send(message).await?;
            }
            Ok::<_, wharf::Error>(())
        })
        .await;
    Ok(())
}

fn accept(deflate: Deflate) -> Accept {
    let mut config = Config::new(Role::Server);
    config.limits.frame = MAX_MESSAGE;
    config.limits.message = MAX_MESSAGE;
    let accept = Accept::new().config(config);
    let mut policy = wharf::Deflate::SERVER;
    match deflate {
        Deflate::Off => return accept,
        Deflate::NoTakeover => {}
        Deflate::Takeover => {
            policy.send.context = Context::Takeover;
            policy.receive.context = Context::Takeover;
        }
    }
    accept.deflate(policy)
}
