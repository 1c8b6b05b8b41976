//! What a run has found out: also the shape of its JSON.

use crate::process::Memory;
use serde::{Deserialize, Serialize};

/// The number of the shape; it changes when a field changes its meaning or goes.
pub const SHAPE: u32 = 1;

/// A finished run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SHAPE`].
    pub shape: u32,
    /// The version of wharf.
    pub wharf: String,
    /// What was asked for.
    pub plan: Asked,
    /// How long was measured, in seconds.
    pub seconds: f64,
    /// Messages, or handshakes, in the time that was measured.
    pub messages: Messages,
    /// Answers per second; handshakes per second in a storm; deliveries per second in a fan-out.
    pub rate: f64,
    /// Bytes of payload per second that came back.
    pub bytes_per_second: f64,
    /// Latencies in microseconds; `None` if nothing was measured.
    pub latency: Option<Latency>,
    /// What the generator used.
    pub generator: Usage,
    /// What the server used, if its process was named.
    pub server: Option<Usage>,
    /// The server's memory, step by step, if its process was named.
    pub memory: Vec<Held>,
    /// Connections.
    pub connections: Connections,
    /// What went wrong, the most frequent first.
    pub troubles: Vec<Counted>,
    /// How it went over time.
    pub timeline: Vec<Point>,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The server.
    pub url: String,
    /// `echo`, `fan-out`, `connect` or `idle`.
    pub load: String,
    /// Connections in all.
    pub connections: u32,
    /// Threads of the generator.
    pub threads: usize,
    /// Messages without an answer on each connection: how many are kept there, or how many are allowed.
    pub in_flight: u32,
    /// Messages per second, in an open loop.
    pub asked_rate: Option<f64>,
    /// Seconds asked for.
    pub duration: Option<f64>,
    /// Messages asked for.
    pub messages: Option<u64>,
    /// Seconds before the measurement.
    pub warm_up: f64,
    /// Sizes of payloads, as on the command line.
    pub size: String,
    /// `text` or `binary`.
    pub kind: String,
    /// `random` or `json`.
    pub content: String,
    /// `first` or `all`.
    pub verify: String,
    /// Whether TLS was spoken.
    pub tls: bool,
    /// Whether permessage-deflate was offered.
    pub deflate: bool,
}

/// Counts of messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messages {
    /// Sent.
    pub sent: u64,
    /// Answered, or delivered.
    pub received: u64,
    /// Due by the clock, but not sent by the end.
    pub unsent: u64,
    /// Sent, but not answered in time.
    pub unanswered: u64,
}

/// Latencies, in microseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// The mean.
    pub mean: f64,
    /// The shortest.
    pub min: f64,
    /// Half are shorter.
    pub p50: f64,
    /// 90 of 100 are shorter.
    pub p90: f64,
    /// 99 of 100 are shorter.
    pub p99: f64,
    /// 999 of 1,000 are shorter.
    pub p999: f64,
    /// The longest.
    pub max: f64,
    /// Share of messages (0 to 1), and the latency that it does not pass.
    pub percentiles: Vec<(f64, f64)>,
}

/// What a process used in the time that was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Seconds of processor time.
    pub cpu_seconds: f64,
    /// Microseconds of processor time per message.
    pub cpu_us_per_message: f64,
    /// Processors kept busy: 1 is one.
    pub cpus: f64,
    /// Threads.
    pub threads: usize,
    /// Memory at the end.
    pub memory: Memory,
}

/// The server's memory after a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// `start`, `handshake`, `echo`, `burst` or `load`.
    pub after: String,
    /// Its memory.
    pub memory: Memory,
    /// Growth of its resident memory since the start, per open connection, in bytes.
    pub per_connection: f64,
}

/// Counts of connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connections {
    /// Asked for.
    pub asked: u32,
    /// Opened; in a storm again and again.
    pub opened: u64,
    /// Failed to open, or ended early.
    pub failed: u64,
}

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// What.
    pub what: String,
    /// How often.
    pub count: u64,
}

/// A moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Seconds since the measurement began.
    pub at: f64,
    /// Messages per second since the point before.
    pub rate: f64,
    /// Latencies since the point before, in microseconds; 0 if there were none.
    pub p50: f64,
    /// 99 of 100 were shorter.
    pub p99: f64,
}

impl Report {
    /// What went wrong: connections that failed, messages that were not answered.
    pub fn errors(&self) -> u64 {
        self.connections.failed + self.messages.unanswered
    }

    /// As JSON, with line breaks.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("numbers and texts only")
    }

    /// From JSON.
    ///
    /// # Errors
    /// It is none, or of another shape: what a person is to be told.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let report: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if report.shape == SHAPE {
            Ok(report)
        } else {
            Err(format!("its shape is {}, and this wharf reads {SHAPE}", report.shape))
        }
    }
}
