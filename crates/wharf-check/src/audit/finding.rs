//! What an audit found.

use serde::{Deserialize, Serialize};

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// A line of defence is missing that others may stand in for.
    Low,
    /// Somebody can make use of it if something else is also true.
    Medium,
    /// Somebody can make use of it as it is.
    High,
}

/// How sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// It was seen.
    Certain,
    /// What was seen has other explanations, which are rare.
    Likely,
    /// Whether it is so depends on what cannot be seen from outside.
    Hint,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::High, Self::Medium, Self::Low, Self::Info];

    /// In one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Certainty {
    /// In one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Hint => "hint",
        }
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The probe's name, such as `origin/foreign`.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// What was found.
    pub found: String,
    /// What the server did, with its own words in quotes.
    pub seen: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub advice: String,
}

/// A probe and what came of it, whether that is a finding or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The probe's name.
    pub id: String,
    /// What it asked.
    pub title: String,
    /// What the server did.
    pub seen: String,
}

/// All that an audit has to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// The version of this crate.
    pub version: String,
    /// The URL that was named.
    pub target: String,
    /// When it began, in seconds since 1970.
    pub began: u64,
    /// How long it took.
    pub millis: u64,
    /// Connections that were made, one after the other.
    pub connections: u32,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// Each probe that was asked; one whose answer another finding holds already is not.
    pub observations: Vec<Observation>,
}

impl Audit {
    /// How many findings matter so much.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// What matters most.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    /// As JSON, with a newline at its end.
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("names and numbers are all there is");
        format!("{text}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::Severity;

    #[test]
    fn severities_are_in_order() {
        assert!(Severity::ALL.is_sorted_by(|a, b| a > b));
    }
}
