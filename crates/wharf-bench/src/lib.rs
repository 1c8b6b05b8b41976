//! A load generator for WebSocket servers: what `wharf bench` runs.
//!
//! A [`Plan`] is data: whom to load, with what, how fast, how long. [`run`] carries it out on threads of its own and
//! returns a [`Report`]. One loop does all of it: echo, fan-out, storms of handshakes and idle connections, in a
//! closed loop or by the clock, with or without TLS and compression. The protocol is that of `wharf-proto`; where every
//! message is the same, frames are encoded once and answers counted without being copied.
//!
//! Nothing is unbounded: connections by the plan, messages under way by [`Pace`], latencies by a histogram of fixed
//! size, the timeline by thinning, and every wait by [`Plan::patience`].
#![forbid(unsafe_code)]

mod alarm;
mod asked;
mod clock;
mod compare;
mod connection;
mod counting;
mod descriptors;
mod error;
mod fan;
mod flow;
mod framed;
mod html;
mod meter;
mod orders;
mod payload;
mod plan;
mod plot;
mod process;
mod progress;
mod random;
mod report;
mod run;
mod schedule;
mod sizes;
mod slot;
mod stream;
mod tally;
mod target;
mod text;
mod tools;
mod trouble;
/// Numbers as people read them.
pub mod units;
mod upgrade;
mod walk;
mod worker;

pub use error::RunError;
pub use payload::{Content, Payload};
pub use plan::{Load, Pace, Plan, Stop, Touch, Verify};
pub use process::Memory;
pub use progress::{Progress, Stage};
pub use report::{
    Asked, Connections, Counted, Held, Latency, Messages, Point, Report, SHAPE, Usage,
};
pub use run::{Stopper, run};
pub use sizes::{LONGEST, Sizes};
pub use target::{Target, TargetError, Wishes};
pub use trouble::{Trouble, TroubleKind};
