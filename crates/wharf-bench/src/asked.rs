//! A plan in words and numbers.

use crate::{
    payload::Content,
    plan::{Load, Pace, Plan, Stop, Verify},
    report::{Asked, Counted},
    target::Security,
    trouble::Troubles,
};
use std::time::Duration;
use wharf_proto::Kind;

impl From<&Plan> for Asked {
    fn from(plan: &Plan) -> Self {
        let (duration, messages) = match plan.stop {
            Stop::After(length) => (Some(length.as_secs_f64()), None),
            Stop::Messages(count) => (None, Some(count)),
        };
        Self {
            url: plan.target.url.clone(),
            load: load(plan.load).to_owned(),
            connections: plan.connections.get(),
            threads: plan.threads.get(),
            in_flight: plan.pace.in_flight().get(),
            asked_rate: match plan.pace {
                Pace::Open { rate, .. } => Some(rate),
                Pace::Closed { .. } => None,
            },
            duration,
            messages,
            warm_up: duration.map_or(Duration::ZERO, |_| plan.warm_up).as_secs_f64(),
            size: plan.payload.sizes.to_string(),
            kind: match plan.payload.kind {
                Kind::Text => "text".to_owned(),
                Kind::Binary => "binary".to_owned(),
            },
            content: match plan.payload.content {
                Content::Random => "random".to_owned(),
                Content::Json => "json".to_owned(),
            },
            verify: match plan.verify {
                Verify::First => "first".to_owned(),
                Verify::All => "all".to_owned(),
            },
            tls: matches!(plan.target.security, Security::Tls(..)),
            deflate: plan.target.deflate,
        }
    }
}

const fn load(load: Load) -> &'static str {
    match load {
        Load::Echo => "echo",
        Load::FanOut => "fan-out",
        Load::Connect => "connect",
        Load::Idle(_) => "idle",
    }
}

impl From<Troubles> for Vec<Counted> {
    fn from(troubles: Troubles) -> Self {
        let counted = |(trouble, count): (crate::trouble::Trouble, u64)| Counted {
            what: trouble.text,
            count,
        };
        troubles.by_count().into_iter().map(counted).collect()
    }
}
