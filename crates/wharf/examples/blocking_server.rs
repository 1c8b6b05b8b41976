//! An echo with a thread for each connection, and no runtime:
//! `cargo run -p wharf --features blocking --example blocking_server`.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use std::{
    error::Error,
    net::{TcpListener, TcpStream},
    thread,
};

fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:9001")?;
    println!("ws://{}/", listener.local_addr()?);
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || match echo(stream) {
            Ok(ending) => println!("{ending}"),
            Err(error) => println!("{error}"),
        });
    }
    Ok(())
}

fn echo(stream: TcpStream) -> Result<String, Box<dyn Error>> {
    let mut socket = wharf::blocking::accept(stream)?;
    while let Some(message) = socket.recv()? {
        socket.send(message)?;
    }
    Ok(socket.ending().map_or_else(String::new, |ending| ending.to_string()))
}
