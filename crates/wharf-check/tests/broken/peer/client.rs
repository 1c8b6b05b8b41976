//! A client that echoes.

use super::{
    base64,
    frame::{FrameHead, Outgoing, TEXT},
    head::{Bad, Head},
    keys::random,
    response,
    session::Session,
    setup::{Compression, Role, Setup},
    wire::{FOR_EVER, Gone, Patience, Wire},
};
use crate::fault::Fault;
use std::net::{SocketAddr, TcpStream};

/// A client that connects once.
pub(crate) struct Client {
    /// What it is like.
    pub(crate) setup: Setup,
    /// To whom it connects.
    pub(crate) address: SocketAddr,
    /// What it asks for.
    pub(crate) target: String,
}

impl Client {
    /// Connects, and echoes until the end.
    pub(crate) fn run(&self) {
        let Ok(tcp) = TcpStream::connect(self.address) else { return };
        let forever = self.setup.has(Fault::NoHandshakeTimeout);
        let wait = if forever { FOR_EVER } else { self.setup.handshake };
        let Ok(wire) = Wire::new(tcp, Patience::within(wait)) else { return };
        let _ = self.talk(wire);
    }

    fn talk(&self, mut wire: Wire) -> Result<(), Gone> {
        let key = self.key();
        wire.write(self.request(&key).as_bytes())?;
        if self.setup.has(Fault::SendsEarly) {
            let early = Outgoing { fin: true, rsv: 0, opcode: TEXT, payload: b"early" };
            wire.write(&early.encode(Some(random()), &self.setup))?;
        }
        let head = match Head::read(&mut wire, &self.setup) {
            Ok(head) => head,
            Err(Bad::Gone(gone)) => return Err(gone),
            Err(Bad::Malformed | Bad::LongStart | Bad::TooBig) => return Ok(()),
        };
        if let Ok(agreed) = response::check(&head, &key, &self.setup) {
            Session::new(wire, Role::Client, agreed, self.setup).run();
        }
        Ok(())
    }

    /// Connects, and hears the first message.
    pub(crate) fn hear(&self) -> Option<String> {
        let tcp = TcpStream::connect(self.address).ok()?;
        let mut wire = Wire::new(tcp, Patience::within(FOR_EVER)).ok()?;
        wire.write(self.request(&self.key()).as_bytes()).ok()?;
        Head::read(&mut wire, &self.setup).ok()?;
        let head = FrameHead::read(&mut wire, &self.setup).ok()?;
        let payload = wire.some(usize::try_from(head.len).ok()?).ok()?;
        String::from_utf8(payload).ok()
    }

    fn key(&self) -> String {
        match self.setup.fault {
            Some(Fault::ConstantKey) => "dGhlIHNhbXBsZSBub25jZQ==".to_owned(),
            Some(Fault::ShortKey) => base64::encode(&random::<8>()),
            _ => base64::encode(&random::<16>()),
        }
    }

    fn request(&self, key: &str) -> String {
        let has = |fault| self.setup.has(fault);
        let method = if has(Fault::SendsPost) { "POST" } else { "GET" };
        let mut request = format!("{method} {} HTTP/1.1\r\n", self.target);
        let host = self.address.to_string();
        let fields = [
            ("Host", host.as_str(), !has(Fault::SendsNoHost)),
            ("Upgrade", "websocket", !has(Fault::SendsNoUpgrade)),
            ("Connection", "Upgrade", !has(Fault::SendsNoConnection)),
            ("Sec-WebSocket-Key", key, true),
            ("Sec-WebSocket-Version", "13", !has(Fault::SendsNoVersion)),
        ];
        for (name, value, _) in fields.into_iter().filter(|field| field.2) {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Compression::On(offer) = self.setup.compression {
            request.push_str(&format!("Sec-WebSocket-Extensions: {offer}\r\n"));
        }
        request + "\r\n"
    }
}
