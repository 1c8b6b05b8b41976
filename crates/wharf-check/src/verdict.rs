//! What is said of a target.

use crate::{
    case::{
        Case,
        kinds::{Group, Level, Nature},
    },
    run::{
        miss::{Kind, Miss},
        transcript::Entry,
    },
    wire::role::Role,
};
use serde::{Deserialize, Serialize};

/// What is said of a target in one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It did what it may do.
    Pass,
    /// It did something wrong.
    Fail,
    /// It accepted what it must refuse.
    Lax,
    /// It refused what may be accepted.
    Strict,
    /// The case does not apply, such as one about compression that was not agreed on.
    NotApplicable,
    /// The case was not tried.
    Skipped,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Pass, Self::Fail, Self::Lax, Self::Strict, Self::NotApplicable, Self::Skipped];

    /// One word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Lax => "lax",
            Self::Strict => "strict",
            Self::NotApplicable => "n/a",
            Self::Skipped => "skipped",
        }
    }

    /// Whether it speaks against the target.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Fail | Self::Lax | Self::Strict)
    }

    /// By what came instead of what may come.
    pub(crate) const fn of(miss: &Miss, nature: Nature) -> Self {
        match (nature, miss.kind) {
            (Nature::Refuse, Kind::Accepted | Kind::Silent) => Self::Lax,
            (Nature::Tolerate, Kind::Refused) => Self::Strict,
            _ => Self::Fail,
        }
    }
}

/// What came of one case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// `group/name`.
    pub id: String,
    /// The group.
    pub group: Group,
    /// What was done.
    pub title: String,
    /// Why it was asked.
    pub why: String,
    /// Where the rule stands.
    pub section: String,
    /// How binding it is; if a case asks for more than one rule, the one that was broken.
    pub level: Level,
    /// Numbers of the project's checklist.
    pub items: Vec<u8>,
    /// Cases of the Autobahn suite that ask the same.
    pub autobahn: Vec<String>,
    /// What is said of the target.
    pub verdict: Verdict,
    /// Why; empty for a plain pass.
    pub told: String,
    /// Milliseconds that the last attempt took.
    pub millis: u64,
    /// Attempts: two if the first found nothing but silence.
    pub attempts: u32,
    /// What was on the wire in the last attempt.
    pub transcript: Vec<Entry>,
}

impl Outcome {
    /// Of a case that was not tried.
    pub(crate) fn untried(case: &Case, verdict: Verdict, told: impl Into<String>) -> Self {
        Self {
            id: case.id.clone(),
            group: case.group,
            title: case.title.clone(),
            why: case.why.to_owned(),
            section: case.section.to_owned(),
            level: case.level,
            items: case.items.clone(),
            autobahn: case.autobahn.clone(),
            verdict,
            told: told.into(),
            millis: 0,
            attempts: 0,
            transcript: Vec::new(),
        }
    }
}

/// All that came of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// The version of this crate.
    pub version: String,
    /// Whom it was about, as the user names it.
    pub target: String,
    /// The role that the target played.
    pub role: Role,
    /// Seconds since 1970 when it began.
    pub began: u64,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// By case, in the order of the groups.
    pub outcomes: Vec<Outcome>,
    /// Why the run ended before its last case: the target died, hung or stayed away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
}

impl Report {
    /// As it is kept in files, for baselines and matrices.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a report is text and numbers")
    }

    /// From such a file.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("no report of wharf check: {error}"))
    }

    /// How many outcomes have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.verdict == verdict).count()
    }
}
