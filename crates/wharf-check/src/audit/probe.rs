//! A probe: what is sent, and what it means if the server does this or that.

use super::{
    finding::{Certainty, Finding, Severity},
    hello::OldTls,
    seen::{Seen, Sight},
};
use crate::{
    case::opening::Stall,
    wire::{frame::Frame, http::Head},
};
use std::time::Duration;

/// A probe.
#[derive(Debug, Clone)]
pub(crate) struct Probe {
    pub(crate) id: String,
    /// What is asked, for people.
    pub(crate) title: String,
    pub(crate) ask: Ask,
    /// The first rule that fits makes the finding; none: nothing is wrong.
    pub(crate) rules: Vec<Rule>,
    /// If one of these found something, this one has nothing to add and is not asked.
    pub(crate) unless: Vec<&'static str>,
}

/// What is sent.
#[derive(Debug, Clone)]
pub(crate) enum Ask {
    /// This request, on a connection of its own.
    Request(Head),
    /// A head without its end, for this long.
    Stalled(Stall, Duration),
    /// The hello of an old TLS.
    Hello(OldTls),
    /// These frames on an open connection.
    Session(Session),
}

/// What happens on an open connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Session {
    /// The extension without which nothing is sent.
    pub(crate) offer: Option<&'static str>,
    pub(crate) frames: fn() -> Vec<Frame>,
    pub(crate) after: After,
}

/// What follows the frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// A Ping: its Pong says that everything before it was taken.
    Ping,
    /// Nothing, as a frame is unfinished.
    Wait,
    /// So many Pongs are waited for.
    Pongs(usize),
    /// Nothing for this long.
    Idle(Duration),
}

/// What something means.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) sight: Sight,
    pub(crate) severity: Severity,
    pub(crate) certainty: Certainty,
    pub(crate) found: String,
    pub(crate) why: &'static str,
    pub(crate) advice: &'static str,
}

impl Probe {
    /// What these sights mean, if anything is wrong.
    pub(crate) fn judge(&self, seen: &Seen) -> Option<Finding> {
        let sight = seen.sight()?;
        let rule = self.rules.iter().find(|rule| rule.sight == sight)?;
        Some(Finding {
            id: self.id.clone(),
            severity: rule.severity,
            certainty: rule.certainty,
            found: rule.found.clone(),
            seen: seen.to_string(),
            why: rule.why.to_owned(),
            advice: rule.advice.to_owned(),
        })
    }
}
