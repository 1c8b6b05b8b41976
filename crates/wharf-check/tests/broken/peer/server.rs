//! A server that echoes, with a thread for each connection.

use super::{
    base64,
    bits::Agreed,
    extension,
    head::Head,
    offer,
    request::{self, Refusal},
    session::Session,
    setup::{Role, Setup},
    sha1::sha1,
    wire::{FOR_EVER, Patience, Wire},
};
use crate::fault::Fault;
use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};
use tokio::net::TcpSocket;

const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A server on loopback, for as long as the test runs.
pub(crate) struct Server(SocketAddr);

impl Server {
    /// Listens and serves.
    pub(crate) fn start(setup: Setup) -> io::Result<Self> {
        Self::start_for(setup, Life::Long)
    }

    /// Serves for as long as it lives.
    pub(crate) fn start_for(setup: Setup, life: Life) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        thread::spawn(move || accept_all(listener, setup, life));
        Ok(Self(address))
    }

    /// Where it listens.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.0
    }
}

/// What becomes of a server.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Life {
    /// It serves to the end of the test.
    Long,
    /// After so many connections it takes no more.
    Dies(usize),
    /// After so many connections it takes more, and never answers them.
    Hangs(usize),
}

fn accept_all(listener: TcpListener, setup: Setup, life: Life) {
    // The tester's first connection finds out whether it has an echo at all before it. That one is served well.
    let mut setup_of_next = Setup { fault: None, ..setup };
    let mut held = Vec::new();
    for (number, tcp) in listener.incoming().flatten().enumerate() {
        match life {
            Life::Dies(most) if number >= most => break,
            Life::Hangs(most) if number >= most => {
                held.push(tcp);
                continue;
            }
            Life::Long | Life::Dies(_) | Life::Hangs(_) => {}
        }
        let this = std::mem::replace(&mut setup_of_next, setup);
        thread::spawn(move || serve(tcp, this));
    }
    die(listener);
}

/// Listens no longer, and keeps the port, which another test would get otherwise.
fn die(listener: TcpListener) {
    let address = listener.local_addr();
    drop(listener);
    let kept = address.and_then(|address| {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(socket)
    });
    thread::park_timeout(FOR_EVER);
    drop(kept);
}

fn serve(tcp: TcpStream, setup: Setup) {
    let forever = setup.has(Fault::NoHandshakeTimeout);
    let wait = if forever { FOR_EVER } else { setup.handshake };
    let Ok(mut wire) = Wire::new(tcp, Patience::within(wait)) else { return };
    match Head::read(&mut wire, &setup) {
        Ok(head) => match examine(&head, &setup) {
            Ok((response, agreed)) => {
                if wire.write(response.as_bytes()).is_ok() {
                    Session::new(wire, Role::Server, agreed, setup).run();
                }
            }
            Err(refusal) => refuse(wire, refusal, &setup),
        },
        Err(bad) => refuse(wire, Refusal::of(bad), &setup),
    }
}

fn refuse(mut wire: Wire, refusal: Option<Refusal>, setup: &Setup) {
    let Some(Refusal { status, fields }) = refusal else { return };
    if setup.has(Fault::RefusesSilently) {
        return;
    }
    let answer =
        format!("HTTP/1.1 {status}\r\n{fields}Content-Length: 0\r\nConnection: close\r\n\r\n");
    if wire.write(answer.as_bytes()).is_ok() {
        wire.patience = Patience::within(setup.closing);
        wire.finish();
    }
}

/// The 101 and what it agrees on, or a refusal; `None` for one who dies of it.
fn examine(head: &Head, setup: &Setup) -> Result<(String, Option<Agreed>), Option<Refusal>> {
    request::check(head, setup).map_err(Some)?;
    let lines = head.all("sec-websocket-extensions");
    let offers = match extension::parse(&lines) {
        Some(offers) => offers,
        None if setup.has(Fault::AcceptsBadExtensions) => Vec::new(),
        None if setup.has(Fault::DiesOfBadExtensions) => return Err(None),
        None => return Err(Some(Refusal::BAD)),
    };
    let answer = offer::choose(&offers, setup).map_err(|()| Some(Refusal::BAD))?;
    Ok((response(head, answer.field, setup), answer.agreed))
}

fn response(head: &Head, extension: Option<String>, setup: &Setup) -> String {
    let has = |fault| setup.has(fault);
    let status = if has(Fault::Answers200) { "200 OK" } else { "101 Switching Protocols" };
    let mut response = format!("HTTP/1.1 {status}\r\n");
    let mut add = |name: &str, value: &str| response.push_str(&format!("{name}: {value}\r\n"));
    if !has(Fault::NoUpgradeAnswer) {
        add("Upgrade", "websocket");
    }
    if !has(Fault::NoConnectionAnswer) {
        add("Connection", "Upgrade");
    }
    let accept = accept(head.all("sec-websocket-key").first().copied().unwrap_or_default(), setup);
    add("Sec-WebSocket-Accept", &accept);
    if has(Fault::TwoAccepts) {
        add("Sec-WebSocket-Accept", &accept);
    }
    if let Some(protocol) = protocol(head, setup) {
        add("Sec-WebSocket-Protocol", protocol);
    }
    match extension {
        Some(extension) => add("Sec-WebSocket-Extensions", &extension),
        None if has(Fault::InventsExtension) => {
            add("Sec-WebSocket-Extensions", "permessage-deflate")
        }
        None => {}
    }
    response + "\r\n"
}

fn protocol<'a>(head: &'a Head, setup: &Setup) -> Option<&'a str> {
    match setup.fault? {
        Fault::EchoesFirstProtocol => head.list("sec-websocket-protocol").first().copied(),
        Fault::EmptyProtocol => Some(""),
        Fault::InventsProtocol => Some("invented"),
        _ => None,
    }
}

/// RFC 6455 §4.2.2(5.4).
pub(super) fn accept(key: &str, setup: &Setup) -> String {
    let guid = if setup.has(Fault::WrongAccept) { "wrong" } else { GUID };
    base64::encode(&sha1(format!("{key}{guid}").as_bytes()))
}
