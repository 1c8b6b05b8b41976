//! How `wharf serve` stops.

use crate::values;
use clap::{Args, ValueEnum};
use std::time::Duration;
use wharf::{CloseCode, DrainPlan};

/// How `wharf serve` stops.
#[derive(Debug, Args)]
pub(crate) struct DrainArg {
    /// How long connections may take to close when the server stops
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = values::duration, help_heading = "Stopping")]
    drain: Duration,

    /// How many connections are closed in a second; more, if the time does not suffice
    #[arg(long, value_name = "N", default_value = "100", help_heading = "Stopping")]
    drain_rate: u32,

    /// What they are told: 1001, the server goes, or 1012, it will be back
    #[arg(long, value_name = "CODE", default_value = "1001", help_heading = "Stopping")]
    drain_code: DrainCode,

    /// Go on listening meanwhile, and answer newcomers with 503
    #[arg(long, help_heading = "Stopping")]
    drain_refuse: bool,
}

/// What connections are told when the server stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DrainCode {
    /// Going away
    #[value(name = "1001")]
    GoingAway,
    /// Service restart
    #[value(name = "1012")]
    ServiceRestart,
}

impl DrainArg {
    /// What the flags mean.
    pub(crate) fn plan(&self) -> DrainPlan {
        let code = match self.drain_code {
            DrainCode::GoingAway => CloseCode::GOING_AWAY,
            DrainCode::ServiceRestart => CloseCode::SERVICE_RESTART,
        };
        let plan = DrainPlan::new(self.drain).rate(self.drain_rate).reason(code);
        if self.drain_refuse { plan.keep_listening() } else { plan }
    }
}
