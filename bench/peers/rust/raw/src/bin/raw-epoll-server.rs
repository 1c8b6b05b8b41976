//! One thread and one epoll, without a runtime.
#![forbid(unsafe_code)]

use common::ServerFlags;
use peer_raw::{CHUNK, Connection, Next};
use rustix::{
    event::epoll::{self, CreateFlags, EventData, EventFlags},
    fd::OwnedFd,
};
use std::{
    io::{self, ErrorKind, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
};

/// The number of the listener among those of the connections.
const LISTENER: u64 = u64::MAX;

fn main() -> io::Result<()> {
    let flags = ServerFlags::read();
    flags.deflate.must_be_off();
    Server::bind(flags.port)?.run()
}

struct Server {
    epoll: OwnedFd,
    listener: TcpListener,
    open: Vec<Option<Open>>,
    free: Vec<usize>,
}

struct Open {
    stream: TcpStream,
    connection: Connection,
    waits: EventFlags,
}

impl Server {
    fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        // The same socket again, for the queue of connections that the standard library keeps at 128.
        rustix::net::listen(&listener, 4096)?;
        listener.set_nonblocking(true)?;
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        epoll::add(&epoll, &listener, EventData::new_u64(LISTENER), EventFlags::IN)?;
        Ok(Self { epoll, listener, open: Vec::new(), free: Vec::new() })
    }

    fn run(mut self) -> io::Result<()> {
        let mut events = Vec::with_capacity(1024);
        let mut chunk = vec![0; CHUNK];
        loop {
            events.clear();
            epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut events), None)?;
            for event in &events {
                match event.data.u64() {
                    LISTENER => self.accept()?,
                    number => self.serve(number as usize, &mut chunk),
                }
            }
        }
    }

    fn accept(&mut self) -> io::Result<()> {
        while let Ok((stream, _)) = self.listener.accept() {
            stream.set_nodelay(true)?;
            stream.set_nonblocking(true)?;
            let number = self.free.pop().unwrap_or(self.open.len());
            let data = EventData::new_u64(number as u64);
            epoll::add(&self.epoll, &stream, data, EventFlags::IN)?;
            let open = Open { stream, connection: Connection::new(), waits: EventFlags::IN };
            if number == self.open.len() {
                self.open.push(None);
            }
            self.open[number] = Some(open);
        }
        Ok(())
    }

    fn serve(&mut self, number: usize, chunk: &mut [u8]) {
        let Some(open) = self.open.get_mut(number).and_then(Option::as_mut) else { return };
        if open.turn(chunk).and_then(|()| open.wait(&self.epoll, number)).is_err() {
            self.open[number] = None;
            self.free.push(number);
        }
    }
}

impl Open {
    /// One read unless replies are still due, and as much writing as the socket takes.
    fn turn(&mut self, chunk: &mut [u8]) -> io::Result<()> {
        if self.connection.due().is_empty() {
            let came = match self.stream.read(chunk) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                came => &chunk[..came?],
            };
            if came.is_empty() || self.connection.received(came) == Next::End {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        while !self.connection.due().is_empty() {
            match self.stream.write(self.connection.due()) {
                Ok(written) => self.connection.written(written),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn wait(&mut self, epoll: &OwnedFd, number: usize) -> io::Result<()> {
        let all = self.connection.due().is_empty();
        let waits = if all { EventFlags::IN } else { EventFlags::OUT };
        if waits != self.waits {
            epoll::modify(epoll, &self.stream, EventData::new_u64(number as u64), waits)?;
            self.waits = waits;
        }
        Ok(())
    }
}
