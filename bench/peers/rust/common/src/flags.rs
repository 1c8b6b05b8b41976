//! The flags that every peer understands.

use std::process::exit;

/// What every peer must be able to receive.
pub const MAX_MESSAGE: usize = 64 << 20;

/// Whether permessage-deflate is offered or answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Deflate {
    /// Never.
    Off,
    /// With `server_no_context_takeover` and `client_no_context_takeover`.
    NoTakeover,
    /// With context takeover both ways.
    Takeover,
}

/// `--port N --deflate off|no-takeover|takeover --threads N --read-buffer BYTES`
#[derive(Clone, Copy)]
pub struct ServerFlags {
    /// The port on the loopback.
    pub port: u16,
    /// The extension.
    pub deflate: Deflate,
    /// Threads that serve.
    pub threads: usize,
    /// The library's read buffer, where it has one to set.
    pub read_buffer: Option<usize>,
}

/// `URL --agent NAME --deflate off|no-takeover|takeover`
pub struct ClientFlags {
    /// Where the Autobahn server listens, without a path.
    pub url: String,
    /// The name to report.
    pub agent: String,
    /// The extension.
    pub deflate: Deflate,
}

impl ServerFlags {
    /// Reads the command line; ends the process with 2 if it is wrong.
    pub fn read() -> Self {
        let mut flags = Self { port: 9001, deflate: Deflate::Off, threads: 1, read_buffer: None };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let value = words.next().unwrap_or_default();
            match word.as_str() {
                "--port" => flags.port = number(&word, &value),
                "--threads" => flags.threads = number(&word, &value),
                "--deflate" => flags.deflate = deflate(&value),
                "--read-buffer" => flags.read_buffer = Some(number(&word, &value)),
                _ => wrong(&word),
            }
        }
        flags
    }
}

impl ClientFlags {
    /// Reads the command line; ends the process with 2 if it is wrong.
    pub fn read(agent: &str) -> Self {
        let url = "ws://127.0.0.1:9001".to_owned();
        let mut flags = Self { url, agent: agent.to_owned(), deflate: Deflate::Off };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--agent" => flags.agent = words.next().unwrap_or_default(),
                "--deflate" => flags.deflate = deflate(&words.next().unwrap_or_default()),
                url if url.starts_with("ws://") => flags.url = url.trim_end_matches('/').to_owned(),
                _ => wrong(&word),
            }
        }
        flags
    }
}

impl Deflate {
    /// Ends the process with 3 unless this is [`Deflate::Off`]: for libraries without the extension.
    pub fn must_be_off(self) {
        if self != Self::Off {
            unsupported("permessage-deflate");
        }
    }
}

/// Ends the process with 3: the library cannot do what was asked.
pub fn unsupported(what: &str) -> ! {
    eprintln!("unsupported: {what}");
    exit(3)
}

fn deflate(word: &str) -> Deflate {
    match word {
        "off" => Deflate::Off,
        "no-takeover" => Deflate::NoTakeover,
        "takeover" => Deflate::Takeover,
        _ => wrong(word),
    }
}

fn number<N: std::str::FromStr>(flag: &str, value: &str) -> N {
    value.parse().unwrap_or_else(|_| wrong(&format!("{flag} {value}")))
}

fn wrong(word: &str) -> ! {
    eprintln!("not understood: {word}");
    exit(2)
}
