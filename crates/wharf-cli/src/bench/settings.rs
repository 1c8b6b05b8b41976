//! What the flags of `wharf bench` mean.

use super::{
    flags::{After, Bench, Looks, Which},
    values::Threshold,
};
use crate::{
    exit::ExitCode,
    failure::Failure,
    settings::{Trust, tls},
};
use std::{num::NonZeroU32, path::PathBuf, time::Duration};
use wharf::{Config, Kind, Role};
use wharf_bench::{
    Content, Load, Pace, Payload, Plan, Stop, Target, TargetError, Touch, Verify, Wishes,
};

/// What `wharf bench` does.
pub(crate) struct BenchSettings {
    pub(crate) plan: Plan,
    pub(crate) trust: Trust,
    pub(crate) view: View,
    pub(crate) json: Option<PathBuf>,
    pub(crate) html: Option<PathBuf>,
    pub(crate) compare: Option<PathBuf>,
    pub(crate) fail_if: Vec<Threshold>,
}

/// Whether something is seen of the run while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// It is.
    Live,
    /// It is not.
    Quiet,
}

/// The shortest message that tells which one it is.
const NUMBERED: usize = 16;

/// With a rate so many may be under way on one connection: a stalled server is not flooded.
const OPEN_IN_FLIGHT: u32 = 1_024;

impl BenchSettings {
    /// Looks the server up, and reads the files that the flags name.
    pub(crate) fn new(flags: Bench) -> Result<Self, Failure> {
        let load = load(&flags);
        check(&flags, load)?;
        Ok(Self {
            trust: flags.tls.trust(),
            view: if flags.quiet { View::Quiet } else { View::Live },
            plan: Plan {
                target: target(&flags)?,
                load,
                pace: pace(&flags)?,
                stop: match flags.messages {
                    Some(count) => Stop::Messages(count),
                    None => Stop::After(flags.duration.unwrap_or(Duration::from_secs(10))),
                },
                warm_up: flags.warm_up.unwrap_or(Duration::from_millis(500)),
                connections: flags.connections,
                threads: flags.threads,
                payload: payload(&flags),
                verify: match flags.verify {
                    Which::First => Verify::First,
                    Which::All => Verify::All,
                },
                patience: flags.timeout,
                server: flags.pid,
            },
            json: flags.json,
            html: flags.html,
            compare: flags.compare,
            fail_if: flags.fail_if,
        })
    }
}

const fn load(flags: &Bench) -> Load {
    match (flags.fan_out, flags.connect, flags.idle) {
        (true, ..) => Load::FanOut,
        (_, true, _) => Load::Connect,
        (_, _, Some(After::Handshake)) => Load::Idle(Touch::Handshake),
        (_, _, Some(After::Echo)) => Load::Idle(Touch::Echo),
        (_, _, Some(After::Burst)) => Load::Idle(Touch::Burst),
        (false, false, None) => Load::Echo,
    }
}

/// What cannot be together.
fn check(flags: &Bench, load: Load) -> Result<(), Failure> {
    let wrong = |text: &str| Err(Failure::new(ExitCode::Usage, text));
    match load {
        Load::FanOut if flags.connections.get() < 2 => {
            wrong("--fan-out needs two --connections: one sends, the others receive")
        }
        Load::FanOut if flags.threads.get() > 1 => {
            wrong("--fan-out runs on one thread, which sees every delivery: leave --threads out")
        }
        Load::FanOut if flags.size.shortest() < NUMBERED => {
            wrong("--fan-out numbers its messages: --size is 16 or more")
        }
        Load::Idle(_) if flags.rate.is_some() => {
            wrong("--idle connections send nothing: leave --rate out")
        }
        _ => Ok(()),
    }
}

fn pace(flags: &Bench) -> Result<Pace, Failure> {
    let number = |number| NonZeroU32::new(number).expect("it is not zero");
    Ok(match flags.rate {
        Some(rate) => {
            Pace::Open { rate, in_flight: flags.in_flight.unwrap_or(number(OPEN_IN_FLIGHT)) }
        }
        None => Pace::Closed { in_flight: flags.in_flight.unwrap_or(number(1)) },
    })
}

fn payload(flags: &Bench) -> Payload {
    Payload {
        kind: if flags.text && !flags.binary { Kind::Text } else { Kind::Binary },
        content: match flags.payload {
            Looks::Random => Content::Random,
            Looks::Json => Content::Json,
        },
        sizes: flags.size.clone(),
    }
}

fn target(flags: &Bench) -> Result<Target, Failure> {
    let mut config = Config::new(Role::Client);
    let longest = flags.size.longest().max(config.limits.message);
    (config.limits.message, config.limits.frame) = (longest, longest);
    let how = flags.deflate;
    how.configure(&mut config);
    let wishes = Wishes {
        headers: flags.header.clone(),
        subprotocols: flags.subprotocol.clone(),
        deflate: how.policy(Role::Client),
        config,
    };
    let made = tls(&flags.tls)?;
    Target::new(&flags.url, wishes, || made.to_rustls())
        .map_err(|error| Failure::because(exit_code(&error), &error))
}

const fn exit_code(error: &TargetError) -> ExitCode {
    match error {
        TargetError::Name(..) => ExitCode::Unreachable,
        TargetError::Tls(_) => ExitCode::Tls,
        _ => ExitCode::Usage,
    }
}
